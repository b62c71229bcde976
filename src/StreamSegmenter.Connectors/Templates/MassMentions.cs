using System.Text;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Makes plain-text mentions of everybody inert by putting a zero-width space after the @: Mattermost and Rocket.Chat
/// act on <c>@all</c> wherever it stands, Matrix behind a bridge on <c>@room</c>. An author who means it writes Slack's
/// <c>&lt;!channel&gt;</c>, which values cannot form.
/// </summary>
internal static class MassMentions
{
    private const char ZeroWidthSpace = '\u200B';
    private static readonly string[] Everybody = ["everyone", "channel", "here", "room", "all"];

    public static string Neutralise(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var inert = new StringBuilder(text.Length + 8);
        int copied = 0;
        for (; at >= 0; at = text.IndexOf('@', at + 1))
        {
            if (IsMention(text, at))
            {
                inert.Append(text, copied, at + 1 - copied).Append(ZeroWidthSpace);
                copied = at + 1;
            }
        }

        return inert.Append(text, copied, text.Length - copied).ToString();
    }

    private static bool IsMention(string text, int at)
    {
        var rest = text.AsSpan(at + 1);
        foreach (string name in Everybody)
        {
            if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return rest.Length == name.Length || !char.IsLetterOrDigit(rest[name.Length]);
            }
        }

        return false;
    }
}
