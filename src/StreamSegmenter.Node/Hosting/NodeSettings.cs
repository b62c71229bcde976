using System.Net;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Hosting;

/// <summary>Everything that a node is made of, checked and ready.</summary>
/// <param name="Listen">Of the HTTP ingest; port 0 picks a free one.</param>
public sealed record NodeSettings(
    IPEndPoint Listen,
    ApiSettings Api,
    RuleSet Rules,
    IReadOnlyList<SegmentActions> Actions,
    IReadOnlyDictionary<ConnectorName, IConnector> Connectors,
    EventLimits Limits,
    IngestOptions Ingest,
    EmbeddedLogOptions Log,
    SqliteStateStoreOptions Store,
    ShardOptions Shards,
    RelayOptions Relay
);

/// <summary>How a node answers questions about customers.</summary>
/// <param name="Listen">Port 0 picks a free one.</param>
/// <param name="Advertise">Where the other nodes reach it; null: where it listens.</param>
/// <param name="Secret">What callers present; null when everybody who can reach it may ask.</param>
public sealed record ApiSettings(IPEndPoint Listen, Uri? Advertise, string? Secret, TimeSpan PeerTimeout);
