namespace StreamSegmenter.Connectors.Templates;

/// <summary>Recognises the places in HTML where an address begins.</summary>
internal static class HtmlAddress
{
    private static readonly string[] Attributes =
    [
        "href",
        "src",
        "action",
        "formaction",
        "background",
        "cite",
        "srcset",
    ];

    /// <summary>
    /// Whether the source ends just inside of an attribute that holds an address, as in <c>&lt;a href="</c>.
    /// </summary>
    public static bool EndsWithOne(ReadOnlySpan<char> source)
    {
        var before = source.TrimEnd();
        before = before.TrimEnd("\"'").TrimEnd();
        if (!before.EndsWith('='))
        {
            return false;
        }

        before = before[..^1].TrimEnd();
        foreach (string attribute in Attributes)
        {
            if (before.EndsWith(attribute, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
