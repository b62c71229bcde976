using System.Runtime.CompilerServices;

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

    /// <summary>Moves on to what is no space and gives it as <see cref="At"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Next(ReadOnlySpan<byte> text, ref int at)
    {
        byte next = At(text, at);
        if (next <= (byte)' ')
        {
            at = AfterSpaces(text, at);
            next = At(text, at);
        }

        return next;
    }

    /// <summary>Behind the closing quote of the string that starts at <paramref name="start"/>.</summary>
    public static int AfterEscapedString(ReadOnlySpan<byte> text, JsonStops stops, int start)
    {
        int at = stops.Next(start);
        while (At(text, at) == (byte)'\\')
        {
            at = AfterEscape(text, at);
            if (at == Wrong)
            {
                return Wrong;
            }

            at = stops.Next(at);
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
