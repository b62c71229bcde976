using System.Net;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Shards;
using StreamSegmenter.Kafka.Sources;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Node.Pushes;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Log.Embedded;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Hosting;

/// <summary>Everything that a node is made of, checked and ready.</summary>
/// <param name="Listen">Of the HTTP ingest; port 0 picks a free one.</param>
/// <param name="Sources">Null when events come over HTTP alone.</param>
public sealed record NodeSettings(
    IPEndPoint Listen,
    ApiSettings Api,
    RuleSet Rules,
    IReadOnlyList<SegmentActions> Actions,
    IReadOnlyDictionary<ConnectorName, IConnector> Connectors,
    EventLimits Limits,
    IngestOptions Ingest,
    StorageSettings Storage,
    SourceSettings? Sources,
    ShardOptions Shards,
    RelayOptions Relay
)
{
    /// <summary>For each connector, by name; of one that is absent, <see cref="Relay"/>.</summary>
    public IReadOnlyDictionary<ConnectorName, RelayOptions> Relays { get; init; } =
        new Dictionary<ConnectorName, RelayOptions>();

    /// <summary>Says of pushes which may go out; null when all may.</summary>
    public IPushPolicy? Policy { get; init; }

    /// <summary>The ways to customers that addresses may be suppressed for.</summary>
    public IReadOnlyCollection<string> Channels { get; init; } = [Suppression.MailChannel];

    /// <summary>Says what is wrong with options edited by hand; null when any will do.</summary>
    public PushEditCheck? EditCheck { get; init; }

    /// <summary>Makes and reads the tokens of links to unsubscribe; null when the node has none.</summary>
    public UnsubscribeTokens? Unsubscribe { get; init; }
}

/// <summary>How a node answers questions about customers.</summary>
/// <param name="Listen">Port 0 picks a free one.</param>
/// <param name="Advertise">Where the other nodes reach it; null: where it listens.</param>
/// <param name="Secret">What callers present; null when everybody who can reach it may ask.</param>
public sealed record ApiSettings(IPEndPoint Listen, Uri? Advertise, string? Secret, TimeSpan PeerTimeout);

/// <summary>What keeps a node's events and its state.</summary>
public abstract record StorageSettings
{
    /// <summary>Files of one machine, which one node works on.</summary>
    public sealed record Local(EmbeddedLogOptions Log, SqliteStateStoreOptions State) : StorageSettings
    {
        public override string ToString() => State.Directory;
    }

    /// <summary>Kafka and PostgreSQL, which any number of nodes work on.</summary>
    public sealed record Shared(
        KafkaOptions Kafka,
        KafkaLogOptions Log,
        KafkaGroupOptions Group,
        PostgresStateStoreOptions State
    ) : StorageSettings
    {
        public override string ToString() => $"Kafka's topic {Log.Topic} and PostgreSQL's schema {State.Schema}";
    }
}

/// <summary>Topics that events are read from.</summary>
public sealed record SourceSettings(KafkaOptions Kafka, KafkaSourceOptions Source);
