namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Handlebars source for each part of a template. Parts that are missing are taken from others where that makes sense,
/// see <see cref="TemplatePart"/>.
/// </summary>
public class TemplateParts
{
    public string? Subject { get; set; }

    public string? Text { get; set; }

    public string? Html { get; set; }

    public string? Chat { get; set; }

    public string? Markdown { get; set; }
}

/// <summary>The settings under <c>templates.NAME</c>.</summary>
public sealed class TemplateOptions : TemplateParts
{
    /// <summary>
    /// The language of the parts that stand here, for dates and amounts in them, e.g. <c>en-GB</c>. Default: none,
    /// dates and amounts are written as programs do.
    /// </summary>
    public string? Locale { get; set; }

    /// <summary>The same in other languages, by their locales' names. What one lacks is taken from the next.</summary>
    public IReadOnlyDictionary<string, TemplateParts> Locales { get; set; } =
        new Dictionary<string, TemplateParts>(StringComparer.Ordinal);

    /// <summary>Where the reader's locale is in the push. Default <c>profile.locale</c>.</summary>
    public string LocaleFrom { get; set; } = "profile.locale";
}

/// <summary>What a template may cost to render; beyond these a push is rejected.</summary>
public sealed class TemplateLimits
{
    /// <summary>Characters (UTF-16) of one rendered part. Default 256 Ki.</summary>
    public int MaxOutputLength { get; set; } = 256 * 1024;

    /// <summary>Pieces written plus rounds of loops. Default 10,000.</summary>
    public int MaxSteps { get; set; } = 10_000;

    /// <summary>Characters of the source of one part. Default 64 Ki.</summary>
    public int MaxSourceLength { get; set; } = 64 * 1024;

    /// <summary>Blocks within blocks, in the source. Default 16.</summary>
    public int MaxDepth { get; set; } = 16;
}

/// <summary>The forms in which one template says the same thing.</summary>
public enum TemplatePart
{
    /// <summary>One line of plain text: line breaks and runs of blanks become one blank. No stand-in.</summary>
    Subject,

    /// <summary>Plain text; values are written as they are. No stand-in.</summary>
    Text,

    /// <summary>HTML; values are escaped. No stand-in.</summary>
    Html,

    /// <summary>
    /// Slack's mrkdwn; <c>&amp; &lt; &gt;</c> in values are escaped and mentions of everybody made inert.
    /// Stand-in: the source of <see cref="Text"/>.
    /// </summary>
    Chat,

    /// <summary>
    /// Markdown; in values whatever it gives a meaning to is escaped, and mentions of everybody are made inert.
    /// Stand-in: the source of <see cref="Text"/>.
    /// </summary>
    Markdown,

    /// <summary>
    /// A body of JSON, part of a connector's settings: values are escaped inside of strings, and are whole JSON values
    /// by <c>{{json value}}</c> outside of them. Never part of a template by name, nor are the ones below.
    /// </summary>
    Json,

    /// <summary>
    /// A JSON array of Slack's blocks: values stand inside of strings only, and are escaped as in <see cref="Chat"/>
    /// too.
    /// </summary>
    Blocks,

    /// <summary>An address; values are percent-encoded.</summary>
    Url,

    /// <summary>A header's value; in values all but printable ASCII is percent-encoded.</summary>
    Header,
}
