using StreamSegmenter.Connectors.Templates;

namespace StreamSegmenter.Connectors.Chat;

/// <summary>Shortens mrkdwn.</summary>
internal static class ChatText
{
    private const int LongestEntity = 5; // &amp;

    /// <summary>
    /// Cuts between characters as people see them, and not through <c>&amp;amp;</c>, <c>&amp;lt;</c> or
    /// <c>&amp;gt;</c>. What follows a mention may be what keeps it from being one, so mentions are made inert again.
    /// </summary>
    public static string Cut(string text, int length)
    {
        string cut = CutOnly(text, length);
        if (ReferenceEquals(cut, text))
        {
            return text;
        }

        string inert = MassMentions.Neutralise(cut);
        for (int room = length; inert.Length > length; inert = MassMentions.Neutralise(CutOnly(text, room)))
        {
            room -= inert.Length - length;
        }

        return inert;
    }

    private static string CutOnly(string text, int length)
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
