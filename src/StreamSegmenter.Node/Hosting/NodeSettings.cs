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
/// <param name="Listen">The address of the HTTP ingest, e.g. <c>http://127.0.0.1:8080</c>; port 0 picks a free
/// one.</param>
public sealed record NodeSettings(
    Uri Listen,
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
