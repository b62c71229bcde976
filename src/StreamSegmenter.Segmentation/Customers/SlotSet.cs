using System.Numerics;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>A set of slot indexes.</summary>
internal sealed class SlotSet(int slotCount)
{
    private readonly ulong[] _words = new ulong[(slotCount + 63) / 64];

    public int Capacity { get; } = slotCount;

    public bool Contains(int slot) => (_words[slot >> 6] & (1UL << slot)) != 0;

    public void Add(int slot) => _words[slot >> 6] |= 1UL << slot;

    public void Remove(int slot) => _words[slot >> 6] &= ~(1UL << slot);

    public void Set(int slot, bool member)
    {
        if (member)
        {
            Add(slot);
        }
        else
        {
            Remove(slot);
        }
    }

    /// <summary>The smallest member not below <paramref name="from"/>, or -1.</summary>
    public int Next(int from)
    {
        for (int word = from >> 6; word < _words.Length; word++)
        {
            ulong rest = word == from >> 6 ? _words[word] & (ulong.MaxValue << from) : _words[word];
            if (rest != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(rest);
            }
        }

        return -1;
    }
}
