using System.Text.Json;
using StreamSegmenter.Segmentation.Consents;

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
        IReadOnlyList<Trait> traits = _traits.All;
        for (int i = 0; i < traits.Count; i++)
        {
            if (ConsentTraits.IsReserved(traits[i].Name))
            {
                i = ConsentTraits.Write(writer, traits, i) - 1;
            }
            else if (traits[i].Json is { } json)
            {
                writer.WritePropertyName(traits[i].Name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }

        writer.WriteEndObject();
    }
}
