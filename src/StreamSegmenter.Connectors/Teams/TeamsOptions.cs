using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Teams;

/// <summary>
/// <c>type = teams</c>: a workflow of Microsoft Teams that is started by a webhook, "post a card". The URL is a secret.
/// Texts are cut at 5,000 by default; a request may have 28 KiB.
/// </summary>
public sealed class TeamsOptions() : ChatOptions(maxTextLength: 5_000, longestText: 20_000)
{
    internal override IReadOnlyList<TemplatePart> Parts => [TemplatePart.Text];

    internal override IConnector Create(ConnectorName name, ConnectorServices services) =>
        new ChatConnector(this, services, new TeamsWorkflow(this));
}
