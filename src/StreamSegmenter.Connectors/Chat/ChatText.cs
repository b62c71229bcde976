namespace StreamSegmenter.Connectors.Chat;

/// <summary>Shortens mrkdwn.</summary>
internal static class ChatText
{
    private const int LongestEntity = 5; // &amp;

    /// <summary>
    /// Cuts between characters as people see them, and not through <c>&amp;amp;</c>, <c>&amp;lt;</c> or
    /// <c>&amp;gt;</c>.
    /// </summary>
    public static string Cut(string text, int length)
    {
        string cut = SingleLine.Cut(text, length);
        if (ReferenceEquals(cut, text))
        {
            return text;
        }

        int kept = cut.Length - 1;
        int ampersand = cut.LastIndexOf('&');
        bool isSplit = ampersand >= 0 && kept - ampersand < LongestEntity && cut.IndexOf(';', ampersand) < 0;
        return isSplit ? string.Concat(cut.AsSpan(0, ampersand), "…") : cut;
    }
}
