using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Discord;

/// <summary>
/// <c>type = discord</c>: a webhook of a Discord channel. The URL is a secret. Texts are cut at 2,000, which is all
/// that Discord takes.
/// </summary>
public sealed class DiscordOptions() : ChatOptions(maxTextLength: DiscordWebhook.MaxLength, DiscordWebhook.MaxLength)
{
    /// <summary>Who seems to post, at most 80 characters. Default: the webhook's own name.</summary>
    public string? Username { get; set; }

    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Markdown];

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.Require(Username is null or { Length: > 0 and <= 80 }, nameof(Username), "is not 1 to 80 characters");
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new ChatConnector(this, services, new DiscordWebhook(this));
}
