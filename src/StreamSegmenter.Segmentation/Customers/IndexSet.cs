using System.Numerics;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// A set of small numbers: one bit each, and one bit for each 64 of them, so that few members among many thousands are
/// found at once.
/// </summary>
internal sealed class IndexSet(int capacity)
{
    private readonly ulong[] _words = new ulong[(capacity + 63) / 64];
    private readonly ulong[] _filled = new ulong[(capacity + 4095) / 4096];

    public int Capacity { get; } = capacity;

    public bool Contains(int index) => (_words[index >> 6] & (1UL << index)) != 0;

    public void Add(int index)
    {
        _words[index >> 6] |= 1UL << index;
        _filled[index >> 12] |= 1UL << (index >> 6);
    }

    public void AddAll(ReadOnlySpan<int> indexes)
    {
        foreach (int index in indexes)
        {
            Add(index);
        }
    }

    public void Remove(int index)
    {
        ulong rest = _words[index >> 6] &= ~(1UL << index);
        if (rest == 0)
        {
            _filled[index >> 12] &= ~(1UL << (index >> 6));
        }
    }

    public void Set(int index, bool member)
    {
        if (member)
        {
            Add(index);
        }
        else
        {
            Remove(index);
        }
    }

    /// <summary>The smallest member not below <paramref name="from"/>, or -1.</summary>
    public int Next(int from)
    {
        if (from >= Capacity)
        {
            return -1;
        }

        int word = from >> 6;
        ulong rest = _words[word] & (ulong.MaxValue << from);
        if (rest == 0)
        {
            word = NextFilled(word + 1);
            if (word < 0)
            {
                return -1;
            }

            rest = _words[word];
        }

        return (word << 6) + BitOperations.TrailingZeroCount(rest);
    }

    private int NextFilled(int from)
    {
        for (int block = from >> 6; block < _filled.Length; block++)
        {
            ulong rest = block == from >> 6 ? _filled[block] & (ulong.MaxValue << from) : _filled[block];
            if (rest != 0)
            {
                return (block << 6) + BitOperations.TrailingZeroCount(rest);
            }
        }

        return -1;
    }
}
