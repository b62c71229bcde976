using System.Text;

namespace StreamSegmenter.Connectors.Email;

/// <summary>Encodes the text of a part so that it passes every server: lines of at most 76 ASCII characters.</summary>
internal static class MailBody
{
    private const int MaxLineLength = 76;
    private const string Hex = "0123456789ABCDEF";

    /// <summary>
    /// Quoted-printable, which stays readable, or base64 where that is shorter. Lines end in CR LF, the last one too.
    /// </summary>
    public static (string Encoding, string Encoded) Encode(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(WithNetworkLineEnds(text));
        string quoted = QuotedPrintable(bytes);
        return quoted.Length <= bytes.Length / 3 * 4 + 64 ? ("quoted-printable", quoted) : ("base64", Base64(bytes));
    }

    private static string WithNetworkLineEnds(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace('\r', '\n')
            .Replace("\n", "\r\n", StringComparison.Ordinal);

    private static string Base64(byte[] bytes)
    {
        var lines = new StringBuilder(bytes.Length / 3 * 4 + (bytes.Length / 40));
        const int BytesPerLine = MaxLineLength / 4 * 3;
        for (int at = 0; at < bytes.Length; at += BytesPerLine)
        {
            int length = Math.Min(BytesPerLine, bytes.Length - at);
            lines.Append(Convert.ToBase64String(bytes, at, length)).Append("\r\n");
        }

        return lines.ToString();
    }

    private static string QuotedPrintable(byte[] bytes)
    {
        var quoted = new StringBuilder(bytes.Length + (bytes.Length / 40));
        int column = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            if (IsLineEnd(bytes, at))
            {
                quoted.Append("\r\n");
                column = 0;
                at++;
                continue;
            }

            bool isPlain = IsPlain(bytes, at);
            int length = isPlain ? 1 : 3;
            if (column + length > MaxLineLength - 1)
            {
                quoted.Append("=\r\n"); // a line end that is none
                column = 0;
            }

            _ = isPlain
                ? quoted.Append((char)bytes[at])
                : quoted.Append('=').Append(Hex[bytes[at] >> 4]).Append(Hex[bytes[at] & 15]);
            column += length;
        }

        return column > 0 ? quoted.Append("\r\n").ToString() : quoted.ToString();
    }

    private static bool IsLineEnd(byte[] bytes, int at) =>
        bytes[at] == '\r' && at + 1 < bytes.Length && bytes[at + 1] == '\n';

    // Blanks at the end of a line could be lost on the way.
    private static bool IsPlain(byte[] bytes, int at)
    {
        byte b = bytes[at];
        bool isBlank = b is (byte)' ' or (byte)'\t';
        bool isLast = at + 1 == bytes.Length || IsLineEnd(bytes, at + 1);
        return isBlank ? !isLast : b is >= (byte)'!' and <= (byte)'~' and not (byte)'=';
    }
}
