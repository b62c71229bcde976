namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// Finds a property name that occurs twice in one object. While names are read, each sets one bit of its object's 256;
/// only where a bit is hit twice the names themselves are compared. Reuses its buffers; not thread-safe.
/// </summary>
internal sealed class DuplicateNames(int maxDepth)
{
    /// <summary>Up to here comparing each name with each beats hashing and sorting.</summary>
    private const int SmallCount = 16;

    private const int Words = 4;

    /// <summary>Per open object the bits of its names.</summary>
    private readonly ulong[] _bits = new ulong[Words * maxDepth];

    /// <summary>Per open object whether a name may have come twice.</summary>
    private readonly bool[] _mayRepeat = new bool[maxDepth];

    private ulong[] _hashes = [];
    private int[] _names = [];

    /// <summary>An object or array begins.</summary>
    public void Open(int depth)
    {
        _bits.AsSpan(Words * depth, Words).Clear();
        _mayRepeat[depth] = false;
    }

    /// <summary>A name was read, as it is written. One with escapes may equal one that looks different.</summary>
    public void Add(ReadOnlySpan<byte> name, bool isEscaped, int depth)
    {
        uint fingerprint = Fingerprint(name);
        ref ulong word = ref _bits[(Words * depth) + (int)(fingerprint >> 30)];
        ulong bit = 1UL << (int)(fingerprint >> 24);
        _mayRepeat[depth] |= isEscaped || (word & bit) != 0;
        word |= bit;
    }

    /// <summary>The index of a name's second occurrence in the object at <paramref name="index"/>, or -1.</summary>
    public int Find(JsonTape tape, int index, int depth)
    {
        if (!_mayRepeat[depth])
        {
            return -1;
        }

        return tape[index].Size <= SmallCount ? FindByPairs(tape, index) : FindByHash(tape, index);
    }

    private static int FindByPairs(JsonTape tape, int index)
    {
        int end = tape[index].Next;
        for (int name = index + 1; name < end; name = tape[name + 1].Next)
        {
            ReadOnlySpan<byte> text = tape.StringAt(name);
            for (int other = index + 1; other < name; other = tape[other + 1].Next)
            {
                if (tape.StringAt(other).SequenceEqual(text))
                {
                    return name;
                }
            }
        }

        return -1;
    }

    /// <summary>Sorting costs n log n whatever the names are: no choice of names makes it quadratic.</summary>
    private int FindByHash(JsonTape tape, int index)
    {
        int count = tape[index].Size;
        if (_hashes.Length < count)
        {
            _hashes = new ulong[count * 2];
            _names = new int[count * 2];
        }

        int filled = 0;
        for (int name = index + 1; filled < count; name = tape[name + 1].Next)
        {
            _hashes[filled] = XxHash64.Hash(tape.StringAt(name));
            _names[filled++] = name;
        }

        Span<ulong> hashes = _hashes.AsSpan(0, count);
        Span<int> names = _names.AsSpan(0, count);
        hashes.Sort(names);
        for (int i = 1; i < count; i++)
        {
            for (int j = i - 1; j >= 0 && hashes[j] == hashes[i]; j--)
            {
                if (tape.StringAt(names[i]).SequenceEqual(tape.StringAt(names[j])))
                {
                    return Math.Max(names[i], names[j]);
                }
            }
        }

        return -1;
    }

    private static uint Fingerprint(ReadOnlySpan<byte> name)
    {
        const uint spread = 0x9E3779B1;
        uint ends = name.IsEmpty ? 0 : name[0] | ((uint)name[^1] << 8) | ((uint)name[name.Length / 2] << 16);
        return unchecked((ends | ((uint)name.Length << 24)) * spread);
    }
}
