using System.Globalization;

namespace StreamSegmenter.Hocon.Tokens;

/// <summary>The character classes of HOCON.</summary>
internal static class Characters
{
    private const string Forbidden = "$\"{}[]:=,+#`^?!@*&\\";

    public static bool IsWhitespace(char c) =>
        c switch
        {
            '\t' or '\n' or '\v' or '\f' or '\r' or '\uFEFF' => true,
            >= '\u001C' and <= '\u001F' => true,
            <= '\u007F' => c == ' ',
            _ => char.GetUnicodeCategory(c)
                is UnicodeCategory.SpaceSeparator
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator,
        };

    /// <summary>
    /// Whether the character can stand in an unquoted string. A slash can, a pair of them starts a comment.
    /// </summary>
    public static bool CanBeUnquoted(char c) => !IsWhitespace(c) && !Forbidden.Contains(c, StringComparison.Ordinal);

    public static bool IsInNumber(char c) => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E';
}
