using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// <c>type = slack-webhook</c>: an incoming webhook of Slack, Mattermost or Rocket.Chat. The URL is a secret.
/// </summary>
public sealed class SlackOptions : HttpConnectorOptions
{
    /// <summary>
    /// Where to post instead of the webhook's own channel (Mattermost, Rocket.Chat). A push's <c>channel</c> goes
    /// before.
    /// </summary>
    public string? Channel { get; set; }

    /// <summary>Who seems to post (Mattermost, Rocket.Chat).</summary>
    public string? Username { get; set; }

    /// <summary>Longer texts are cut, in UTF-16 units. Default 4,000; Slack itself cuts at 40,000.</summary>
    public int MaxTextLength { get; set; } = 4_000;

    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Chat];

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.RequireRange(MaxTextLength, 100, 40_000, nameof(MaxTextLength));
    }

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new SlackConnector(this, services);
}
