using System.Net;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes.Topics;

namespace StreamSegmenter.Connectors;

/// <summary>Finds the addresses of a host.</summary>
public delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>What connectors take from outside.</summary>
public sealed class ConnectorServices
{
    public required TemplateSet Templates { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Where console connectors write. Not closed by them.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Reaches message brokers; without it there are no connectors to topics.</summary>
    public ITopicClients? Topics { get; init; }

    /// <summary>Makes the tokens of links to unsubscribe; without it templates have none.</summary>
    public UnsubscribeTokens? Unsubscribe { get; init; }

    public HostResolver Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
