namespace StreamSegmenter.Segmentation.Events;

/// <summary>Finds a property name that occurs twice in one object. Reuses its buffers; not thread-safe.</summary>
internal sealed class DuplicateNames
{
    /// <summary>Up to here comparing each name with each beats hashing and sorting.</summary>
    private const int SmallCount = 16;

    private readonly uint[] _fingerprints = new uint[SmallCount];
    private readonly int[] _names = new int[SmallCount];
    private ulong[] _hashes = [];
    private int[] _hashedNames = [];

    /// <summary>The index of a name's second occurrence in the object at <paramref name="index"/>, or -1.</summary>
    public int Find(JsonTape tape, int index) =>
        tape[index].Size <= SmallCount ? FindByPairs(tape, index) : FindByHash(tape, index);

    private int FindByPairs(JsonTape tape, int index)
    {
        int end = tape[index].Next;
        int count = 0;
        for (int name = index + 1; name < end; name = tape[name + 1].Next)
        {
            ReadOnlySpan<byte> text = tape.StringAt(name);
            uint fingerprint = Fingerprint(text);
            if (_fingerprints.AsSpan(0, count).Contains(fingerprint))
            {
                for (int i = 0; i < count; i++)
                {
                    if (_fingerprints[i] == fingerprint && tape.StringAt(_names[i]).SequenceEqual(text))
                    {
                        return name;
                    }
                }
            }

            _fingerprints[count] = fingerprint;
            _names[count++] = name;
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
            _hashedNames = new int[count * 2];
        }

        int filled = 0;
        for (int name = index + 1; filled < count; name = tape[name + 1].Next)
        {
            _hashes[filled] = XxHash64.Hash(tape.StringAt(name));
            _hashedNames[filled++] = name;
        }

        Span<ulong> hashes = _hashes.AsSpan(0, count);
        Span<int> names = _hashedNames.AsSpan(0, count);
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

    private static uint Fingerprint(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : (uint)(name[0] | (name[^1] << 8) | (name[name.Length / 2] << 16) | (name.Length << 24));
}
