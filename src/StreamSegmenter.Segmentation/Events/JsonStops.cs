using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// Where plain pieces of strings may end in a JSON text: one bit for each quote, backslash and control character, and
/// for everything behind the end. Found for the whole text at once, because a scanner that looks for the end of one
/// string after the other waits for each before it can begin with the next. Reused from text to text.
/// </summary>
internal sealed class JsonStops
{
    private const int WordBytes = 64;

    private ulong[] _words = [];

    /// <summary>Finds them. True: all of the text is ASCII.</summary>
    public bool Read(ReadOnlySpan<byte> text)
    {
        int whole = text.Length / WordBytes;
        if (_words.Length <= whole)
        {
            _words = new ulong[Math.Max(whole + 1, 2 * _words.Length)];
        }

        ulong[] words = _words;
        Vector256<byte> all = default;
        for (int i = 0; i < whole; i++)
        {
            words[i] = StopsOf(text.Slice(i * WordBytes, WordBytes), ref all);
        }

        words[whole] = whole == 0 ? StopsOfShort(text, ref all) : StopsAtEnd(text, ref all);
        return all.ExtractMostSignificantBits() == 0;
    }

    /// <summary>The first stop not before <paramref name="at"/>; the end of the text if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int at)
    {
        ulong rest = _words[(uint)at / WordBytes] >> at;
        return rest != 0 ? at + BitOperations.TrailingZeroCount(rest) : NextFurther(at);
    }

    private int NextFurther(int at)
    {
        int word = (at / WordBytes) + 1;
        while (_words[word] == 0)
        {
            word++;
        }

        return (word * WordBytes) + BitOperations.TrailingZeroCount(_words[word]);
    }

    // Of what is behind the last whole word: found with some of what is before it.
    private static ulong StopsAtEnd(ReadOnlySpan<byte> text, ref Vector256<byte> all)
    {
        int rest = text.Length % WordBytes;
        return (StopsOf(text[^WordBytes..], ref all) >> (WordBytes - rest)) | (ulong.MaxValue << rest);
    }

    // What is not there counts as control characters.
    private static ulong StopsOfShort(ReadOnlySpan<byte> text, ref Vector256<byte> all)
    {
        Span<byte> bytes = stackalloc byte[WordBytes];
        bytes.Clear();
        text.CopyTo(bytes);
        return StopsOf(bytes, ref all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong StopsOf(ReadOnlySpan<byte> bytes, ref Vector256<byte> all) =>
        StopsOf(bytes, 0, ref all) | ((ulong)StopsOf(bytes, Vector256<byte>.Count, ref all) << Vector256<byte>.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint StopsOf(ReadOnlySpan<byte> bytes, int at, ref Vector256<byte> all)
    {
        var piece = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(bytes), (nuint)at);
        all |= piece;
        var stops =
            Vector256.Equals(piece, Vector256.Create((byte)'"'))
            | Vector256.Equals(piece, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(piece, Vector256.Create((byte)' '));
        return stops.ExtractMostSignificantBits();
    }
}
