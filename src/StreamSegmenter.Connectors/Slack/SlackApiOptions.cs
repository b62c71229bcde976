using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// <c>type = slack</c>: Slack's Web API, <c>chat.postMessage</c>. Texts are cut at 4,000 by default; Slack itself cuts
/// at 40,000.
/// </summary>
public sealed class SlackApiOptions : ChatOptions
{
    public SlackApiOptions()
        : base(maxTextLength: 4_000, longestText: 40_000) => Url = new("https://slack.com/api/chat.postMessage");

    /// <summary>The token of a bot (<c>xoxb-...</c>) with the scope <c>chat:write</c>. Required.</summary>
    public Secret Token { get; set; }

    /// <summary>The channel's id, or its name with <c>#</c>. Required; a push's <c>channel</c> goes before.</summary>
    public string Channel { get; set; } = "";

    /// <summary>
    /// Block Kit: a JSON array of at most 50 blocks as a template, with values inside of strings only, where they are
    /// escaped for mrkdwn too. The text then stands in notifications. Default: none.
    /// </summary>
    public string? Blocks { get; set; }

    public override IReadOnlyList<string> EntryKeys => [PushKeys.Template, PushKeys.Channel];

    internal override string? ReceiverPath => $"{PushContent.Options}.{PushKeys.Channel}";

    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Chat];

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(!Token.IsEmpty, nameof(Token), "needs the token of a bot, xoxb-...");
        errors.Require(Channel.Length > 0, nameof(Channel), "needs a channel's id such as C0123456789, or its #name");
        CompileBlocks(templates, errors);
    }

    internal override string? DigestProblem(string template, TemplateSet templates) =>
        CompileBlocks(templates, new OptionErrors("")) is { NamesDigest: true }
            ? null
            : base.DigestProblem(template, templates);

    internal CompiledPart? CompileBlocks(TemplateSet templates, OptionErrors errors) =>
        Blocks is null ? null : templates.Compile(TemplatePart.Blocks, Blocks, nameof(Blocks), errors);

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new ChatConnector(this, services, new SlackApi(this, services), Token);
}
