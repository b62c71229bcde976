using System.Text.Json;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>A view of a customer's traits, valid while the shard is inside the call that handed it out.</summary>
public readonly struct CustomerProfile
{
    private readonly TraitSet _traits;

    internal CustomerProfile(TraitSet traits) => _traits = traits;

    /// <summary>Writes the traits as one JSON object, ordered by name, each value as its producer wrote it.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (Trait trait in _traits.All)
        {
            if (trait.Json is { } json)
            {
                writer.WritePropertyName(trait.Name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }

        writer.WriteEndObject();
    }
}
