using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>A customer's traits, ordered by name. Few, so a list beats a dictionary.</summary>
internal sealed class TraitSet
{
    private readonly List<Trait> _traits = [];

    public IReadOnlyList<Trait> All => _traits;

    public Trait? Find(string name)
    {
        int index = IndexOf(name);
        return index < 0 ? null : _traits[index];
    }

    /// <summary>
    /// The newest event time wins; of equal times the later in the log. Says whether the value changed.
    /// </summary>
    /// <param name="json">Empty removes the trait.</param>
    public bool Set(string name, Timestamp at, ReadOnlySpan<byte> json)
    {
        int index = IndexOf(name);
        Trait? old = index < 0 ? null : _traits[index];
        if (old is not null && old.At > at)
        {
            return false;
        }

        if (old is not null && old.Json.AsSpan().SequenceEqual(json))
        {
            old.At = at;
            return false;
        }

        var trait = new Trait(name, at, json.IsEmpty ? null : json.ToArray());
        if (index < 0)
        {
            _traits.Insert(~index, trait);
        }
        else
        {
            _traits[index] = trait;
        }

        return old is not null || !json.IsEmpty;
    }

    // The complement of where it belongs, if it is not there.
    private int IndexOf(string name)
    {
        int index = 0;
        for (; index < _traits.Count; index++)
        {
            int order = string.CompareOrdinal(_traits[index].Name, name);
            if (order >= 0)
            {
                return order == 0 ? index : ~index;
            }
        }

        return ~index;
    }
}
