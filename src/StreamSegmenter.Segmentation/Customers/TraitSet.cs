using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>A customer's traits, ordered by name. Few, so a list beats a dictionary.</summary>
internal sealed class TraitSet
{
    private readonly List<Trait> _traits = [];

    public IReadOnlyList<Trait> All => _traits;

    public Trait? Find(string name)
    {
        foreach (Trait trait in _traits)
        {
            if (trait.Name == name)
            {
                return trait;
            }
        }

        return null;
    }

    /// <summary>
    /// The newest event time wins; of equal times the later in the log. Says whether the value changed.
    /// </summary>
    public bool Set(string name, Timestamp at, byte[]? json)
    {
        int index = _traits.FindIndex(trait => trait.Name == name);
        Trait? old = index < 0 ? null : _traits[index];
        if (old is not null && old.At > at)
        {
            return false;
        }

        var trait = new Trait(name, at, json);
        if (index < 0)
        {
            int after = _traits.FindIndex(other => string.CompareOrdinal(other.Name, name) > 0);
            _traits.Insert(after < 0 ? _traits.Count : after, trait);
        }
        else
        {
            _traits[index] = trait;
        }

        return !(old?.Json).AsSpan().SequenceEqual(json);
    }
}
