using System.Globalization;
using System.Text;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>Resolves the escapes of JSON strings: of the inside of a string whose syntax is checked.</summary>
internal static class JsonEscapes
{
    /// <summary>
    /// Writes the UTF-8 that <paramref name="escaped"/> stands for, which is never longer than it.
    /// False if it holds a lone surrogate; <paramref name="position"/> is then where, else the length written.
    /// </summary>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, Span<byte> destination, out int position)
    {
        int read = 0;
        int written = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = escaped[read..];
            int plain = rest.IndexOf((byte)'\\');
            if (plain < 0)
            {
                rest.CopyTo(destination[written..]);
                position = written + rest.Length;
                return true;
            }

            rest[..plain].CopyTo(destination[written..]);
            read += plain;
            written += plain;
            int length = ReadEscape(escaped[read..], out Rune rune);
            if (length == 0)
            {
                position = read;
                return false;
            }

            read += length;
            written += rune.EncodeToUtf8(destination[written..]);
        }
    }

    /// <summary>Reads the escape at the start; returns its length, or 0 for a lone surrogate.</summary>
    private static int ReadEscape(ReadOnlySpan<byte> escape, out Rune rune)
    {
        const int shortLength = 2;
        const int hexLength = 6;
        if (escape[1] != (byte)'u')
        {
            rune = new Rune(Simple(escape[1]));
            return shortLength;
        }

        char first = Hex(escape);
        if (Rune.TryCreate(first, out rune))
        {
            return hexLength;
        }

        ReadOnlySpan<byte> rest = escape[hexLength..];
        bool isPair = rest.StartsWith("\\u"u8) && Rune.TryCreate(first, Hex(rest), out rune);
        return isPair ? hexLength * 2 : 0;
    }

    private static char Hex(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static char Simple(byte symbol) =>
        symbol switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => (char)symbol,
        };
}
