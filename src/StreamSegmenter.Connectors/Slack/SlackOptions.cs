using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// <c>type = slack-webhook</c>: an incoming webhook of Slack, Mattermost or Rocket.Chat. The URL is a secret. Texts are
/// cut at 4,000 by default; Slack itself cuts at 40,000.
/// </summary>
public sealed class SlackOptions() : ChatOptions(maxTextLength: 4_000, longestText: 40_000)
{
    /// <summary>
    /// Where to post instead of the webhook's own channel (Mattermost, Rocket.Chat). A push's <c>channel</c> goes
    /// before.
    /// </summary>
    public string? Channel { get; set; }

    /// <summary>Who seems to post (Mattermost, Rocket.Chat).</summary>
    public string? Username { get; set; }

    public override IReadOnlyList<string> EntryKeys => [PushKeys.Template, PushKeys.Channel];

    internal override string? ReceiverPath => $"{PushContent.Options}.{PushKeys.Channel}";

    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Chat];

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new ChatConnector(this, services, new SlackWebhook(this));
}
