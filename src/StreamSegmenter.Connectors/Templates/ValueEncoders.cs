using System.Globalization;
using System.Text;
using HandlebarsDotNet;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>Writes values as they are.</summary>
internal sealed class PlainEncoder : ValueEncoder
{
    protected override string? Escape(char c) => null;
}

/// <summary>Makes values inert in HTML text and in quoted attributes.</summary>
internal sealed class HtmlValueEncoder : ValueEncoder
{
    protected override string? Escape(char c) =>
        c switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            '`' => "&#96;",
            '=' => "&#61;",
            _ => null,
        };
}

/// <summary>
/// Makes values inert in Slack's mrkdwn, where <c>&lt;!channel&gt;</c> calls everybody and <c>&lt;url|text&gt;</c>
/// links, and keeps them from forming the links of Markdown.
/// </summary>
internal sealed class ChatValueEncoder : ValueEncoder
{
    public override void Encode(string? text, TextWriter target) =>
        base.Encode(MarkdownLinks.Break(text ?? ""), target);

    protected override string? Escape(char c) => Inert(c);

    public static string? Inert(char c) =>
        c switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ => null,
        };
}

/// <summary>Makes values inert in Markdown: bare addresses too become no links.</summary>
internal sealed class MarkdownValueEncoder : ValueEncoder
{
    protected override string? Escape(char c) => @"\*_~`|<>#[]()!:@+-".Contains(c) ? $@"\{c}" : null;
}

/// <summary>Makes values inert in Slack's mrkdwn that stands inside of a JSON string.</summary>
internal sealed class BlockValueEncoder : ValueEncoder
{
    public override void Encode(string? text, TextWriter target) =>
        base.Encode(MarkdownLinks.Break(text ?? ""), target);

    protected override string? Escape(char c) => ChatValueEncoder.Inert(c) ?? JsonStringEncoder.Inert(c);
}

/// <summary>Makes values inert inside of a JSON string.</summary>
internal sealed class JsonStringEncoder : ValueEncoder
{
    protected override string? Escape(char c) => Inert(c);

    public static string? Inert(char c) =>
        c switch
        {
            '"' => "\\\"",
            '\\' => @"\\",
            < ' ' or '\u007f' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            _ => null,
        };
}

/// <summary>Makes values one piece of an address: a segment of its path, or a value of its query.</summary>
internal sealed class UrlValueEncoder : ValueEncoder
{
    public override void Encode(string? text, TextWriter target) => target.Write(Uri.EscapeDataString(text ?? ""));

    protected override string? Escape(char c) => null;
}

/// <summary>Makes values harmless in a header: line ends and whatever is not ASCII are percent-encoded.</summary>
internal sealed class HeaderValueEncoder : ValueEncoder
{
    public override void Encode(string? text, TextWriter target)
    {
        var encoded = new StringBuilder(text?.Length ?? 0);
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            bool isPlain = rune.Value is >= ' ' and <= '~';
            encoded.Append(isPlain ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        target.Write(encoded.ToString());
    }

    protected override string? Escape(char c) => null;
}

/// <summary>
/// Replaces the characters that would mean something. A value is written in one piece, whatever is in it: pieces are
/// what <see cref="TemplateLimits.MaxSteps"/> counts, and customers must not be able to use those up.
/// </summary>
internal abstract class ValueEncoder : ITextEncoder
{
    /// <summary>What stands for the character; null if it may stand itself.</summary>
    protected abstract string? Escape(char c);

    public virtual void Encode(string? text, TextWriter target)
    {
        var encoded = new StringBuilder(text?.Length ?? 0);
        int copied = 0;
        for (int i = 0; text is not null && i < text.Length; i++)
        {
            if (Escape(text[i]) is { } escaped)
            {
                encoded.Append(text, copied, i - copied).Append(escaped);
                copied = i + 1;
            }
        }

        encoded.Append(text.AsSpan(copied));
        target.Write(encoded.ToString());
    }

    public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

    public void Encode<T>(T? text, TextWriter target)
        where T : IEnumerator<char>
    {
        var whole = new StringBuilder();
        while (text is not null && text.MoveNext())
        {
            whole.Append(text.Current);
        }

        Encode(whole.ToString(), target);
    }
}
