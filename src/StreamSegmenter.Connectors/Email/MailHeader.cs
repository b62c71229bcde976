using System.Text;

namespace StreamSegmenter.Connectors.Email;

/// <summary>
/// Writes values of header fields by RFC 5322 and RFC 2047. No value, whatever it holds, can end its field.
/// </summary>
internal static class MailHeader
{
    private const int MaxLineLength = 76;
    private const int MaxWordLength = 60; // longer ones could not be folded well
    private const int MaxEncodedBytes = 42; // 56 characters of base64, with "=?utf-8?B?" and "?=" 68 in all

    /// <summary>Free text: as it is, folded at blanks, if it is plain printable ASCII, else in encoded words.</summary>
    /// <param name="column">How much of the first line is taken.</param>
    public static string Unstructured(string text, int column) =>
        IsPlain(text) ? Fold(text, column) : EncodedWords(text);

    public static string Of(Mailbox mailbox)
    {
        if (mailbox.Name.Length == 0)
        {
            return mailbox.Address.ToString();
        }

        bool isAtoms = mailbox.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_');
        string name =
            isAtoms && IsPlain(mailbox.Name) ? mailbox.Name
            : IsPlain(mailbox.Name) ? $"\"{mailbox.Name.Replace("\\", "\\\\").Replace("\"", "\\\"")}\""
            : EncodedWords(mailbox.Name);
        return $"{name}\r\n <{mailbox.Address}>";
    }

    // What looks like an encoded word must be encoded, or else a reader would decode it.
    private static bool IsPlain(string text) =>
        text.All(c => c is >= ' ' and <= '~')
        && !text.Contains("=?", StringComparison.Ordinal)
        && !text.StartsWith(' ')
        && !text.EndsWith(' ')
        && text.Split(' ').All(word => word.Length is > 0 and <= MaxWordLength);

    private static string Fold(string text, int column)
    {
        var folded = new StringBuilder(text.Length + 8);
        foreach (string word in text.Split(' '))
        {
            bool isFirst = folded.Length == 0;
            if (!isFirst && column + 1 + word.Length > MaxLineLength)
            {
                folded.Append("\r\n");
                column = 0;
            }

            folded.Append(isFirst ? "" : " ").Append(word);
            column += word.Length + (isFirst ? 0 : 1);
        }

        return folded.ToString();
    }

    // Blanks between encoded words are not part of the text. A character is never split among two words.
    private static string EncodedWords(string text)
    {
        var words = new List<string>();
        var bytes = new List<byte>(MaxEncodedBytes);
        byte[] encoded = new byte[4];
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair comes as U+FFFD
        {
            int length = rune.EncodeToUtf8(encoded);
            if (bytes.Count + length > MaxEncodedBytes)
            {
                Flush();
            }

            bytes.AddRange(encoded.AsSpan(0, length));
        }

        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            if (bytes.Count > 0)
            {
                words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
                bytes.Clear();
            }
        }
    }
}
