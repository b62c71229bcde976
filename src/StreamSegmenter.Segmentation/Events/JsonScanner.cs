using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// Says where the parts of JSON text end: the position behind them, or <see cref="Wrong"/>. It takes RFC 8259 only, but
/// does not say what is wrong with anything else: that is left to <see cref="System.Text.Json.Utf8JsonReader"/>, which
/// is slower because it keeps count of lines and can stop and go on anywhere.
/// </summary>
internal static class JsonScanner
{
    public const int Wrong = -1;

    /// <summary>The byte there; 0, which nothing starts with, at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte At(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AfterSpace(ReadOnlySpan<byte> text, int at) =>
        At(text, at) > (byte)' ' ? at : AfterSpaces(text, at);

    /// <summary>Behind the closing quote of the string whose opening quote is at <paramref name="at"/>.</summary>
    public static int AfterEscapedString(ReadOnlySpan<byte> text, int at)
    {
        at = AfterPlain(text, at + 1);
        while (At(text, at) == (byte)'\\')
        {
            at = AfterEscape(text, at);
            if (at == Wrong)
            {
                return Wrong;
            }

            at = AfterPlain(text, at);
        }

        return At(text, at) == (byte)'"' ? at + 1 : Wrong;
    }

    /// <summary>Behind a number without exponent.</summary>
    public static int AfterNumber(ReadOnlySpan<byte> text, int at)
    {
        int whole = at + (text[at] == (byte)'-' ? 1 : 0);
        int end = AfterDigits(text, whole);
        if (end == whole || (end > whole + 1 && text[whole] == (byte)'0'))
        {
            return Wrong;
        }

        if (At(text, end) != (byte)'.')
        {
            return end;
        }

        int fraction = end + 1;
        end = AfterDigits(text, fraction);
        return end == fraction ? Wrong : end;
    }

    public static int AfterWord(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> word) =>
        text[at..].StartsWith(word) ? at + word.Length : Wrong;

    private static int AfterSpaces(ReadOnlySpan<byte> text, int at)
    {
        while (At(text, at) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private static int AfterDigits(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)(At(text, at) - '0') <= 9)
        {
            at++;
        }

        return at;
    }

    /// <summary>Stops at a quote, a backslash, a control character or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AfterPlain(ReadOnlySpan<byte> text, int at)
    {
        if (at > text.Length - Vector256<byte>.Count)
        {
            return AfterPlainNearEnd(text, at);
        }

        uint stops = Stops(text, at);
        return stops != 0 ? at + BitOperations.TrailingZeroCount(stops) : AfterPlainFurther(text, at);
    }

    private static int AfterPlainFurther(ReadOnlySpan<byte> text, int at)
    {
        for (at += Vector256<byte>.Count; at <= text.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            uint stops = Stops(text, at);
            if (stops != 0)
            {
                return at + BitOperations.TrailingZeroCount(stops);
            }
        }

        return AfterPlainNearEnd(text, at);
    }

    private static int AfterPlainNearEnd(ReadOnlySpan<byte> text, int at)
    {
        while (At(text, at) is not ((byte)'"' or (byte)'\\' or < (byte)' '))
        {
            at++;
        }

        return at;
    }

    // A bit for each of the next bytes at which a plain piece of a string ends.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Stops(ReadOnlySpan<byte> text, int at)
    {
        var bytes = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)at);
        var stops =
            Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(bytes, Vector256.Create((byte)' '));
        return stops.ExtractMostSignificantBits();
    }

    private static int AfterEscape(ReadOnlySpan<byte> text, int at)
    {
        const int shortLength = 2;
        const int hexLength = 6;
        byte kind = At(text, at + 1);
        if (kind != (byte)'u')
        {
            return "\"\\/bfnrt"u8.Contains(kind) ? at + shortLength : Wrong;
        }

        for (int digit = at + shortLength; digit < at + hexLength; digit++)
        {
            if (!char.IsAsciiHexDigit((char)At(text, digit)))
            {
                return Wrong;
            }
        }

        return at + hexLength;
    }
}
