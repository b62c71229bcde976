using System.Text;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Keeps values from forming Markdown's links, whose text may hide where they lead: <c>[text](address)</c>,
/// <c>[text][name]</c>, <c>[name]: address</c>, and images, which begin alike.
/// </summary>
internal static class MarkdownLinks
{
    private const char ZeroWidthSpace = '\u200B';

    /// <summary>
    /// Puts a zero-width space between a bracket and what would make a link of it, also where that may be written
    /// by the next value, or the bracket by the last.
    /// </summary>
    public static string Break(string value)
    {
        bool begins = value.StartsWith('(') || value.StartsWith(':');
        if (!begins && !value.Contains(']', StringComparison.Ordinal))
        {
            return value;
        }

        var broken = new StringBuilder(value.Length + 8);
        if (begins)
        {
            broken.Append(ZeroWidthSpace);
        }

        for (int i = 0; i < value.Length; i++)
        {
            broken.Append(value[i]);
            if (value[i] == ']' && (i + 1 == value.Length || value[i + 1] is '(' or '[' or ':'))
            {
                broken.Append(ZeroWidthSpace);
            }
        }

        return broken.ToString();
    }
}
