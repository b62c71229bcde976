using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// Finds a property name that occurs twice in one object. Reuses its buffers; not thread-safe.
/// </summary>
internal sealed class DuplicateNames
{
    /// <summary>Up to here comparing each name with each beats hashing and sorting.</summary>
    public const int SmallCount = 16;

    // How many bytes of a name make 64 bits with the quote behind it.
    private const int TailLength = 7;

    private ulong[] _hashes = [];
    private int[] _names = [];

    /// <summary>
    /// One of 64 bits: two names of one object that have different ones are different. Both are written without
    /// escapes, from <paramref name="start"/> to the quote at <paramref name="end"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong BitOf(ReadOnlySpan<byte> text, int start, int end)
    {
        const ulong spread = 0x9E3779B97F4A7C15;
        int from = end - TailLength;
        ulong tail =
            from >= 0
                ? BinaryPrimitives.ReadUInt64LittleEndian(text[from..]) >> (8 * Math.Max(0, start - from))
                : TailOf(text[start..(end + 1)]);
        return 1UL << (int)(unchecked((tail + (uint)(end - start)) * spread) >> 58);
    }

    // At the beginning of a text, where there are not enough bytes to read them at once.
    private static ulong TailOf(ReadOnlySpan<byte> name)
    {
        ulong tail = 0;
        for (int i = 0; i < name.Length; i++)
        {
            tail |= (ulong)name[i] << (8 * i);
        }

        return tail;
    }

    /// <summary>Whether the name is among those from <paramref name="first"/> on to the end of the tape.</summary>
    public static bool Has(JsonTape tape, int first, int end, ReadOnlySpan<byte> name)
    {
        for (int other = first; other < end; other = tape[other + 1].Next)
        {
            if (tape.StringAt(other).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The index of a name's second occurrence in the object at <paramref name="index"/>, or -1.</summary>
    public int Find(JsonTape tape, int index) =>
        tape[index].Size <= SmallCount ? FindByPairs(tape, index) : FindByHash(tape, index);

    private static int FindByPairs(JsonTape tape, int index)
    {
        int end = tape[index].Next;
        for (int name = index + 1; name < end; name = tape[name + 1].Next)
        {
            if (Has(tape, index + 1, name, tape.StringAt(name)))
            {
                return name;
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
}
