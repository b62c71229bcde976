using System.Globalization;
using System.Text;

namespace StreamSegmenter.Connectors;

/// <summary>Text for places that hold one line: subjects, log lines, terminals.</summary>
internal static class SingleLine
{
    /// <summary>Runs of blanks, line ends and control characters become one blank; none stays at either end.</summary>
    public static string Of(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!IsBlank(c))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd(' ');
    }

    /// <summary>
    /// At most <paramref name="length"/> UTF-16 units of the text, cut between characters as people see them, then an
    /// ellipsis.
    /// </summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        int kept = 0;
        while (kept < text.Length)
        {
            int next = StringInfo.GetNextTextElementLength(text, kept);
            if (kept + next > length - 1)
            {
                break;
            }

            kept += next;
        }

        return string.Concat(text.AsSpan(0, kept), "…");
    }

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || c is '\u2028' or '\u2029';
}
