using StreamSegmenter.Connectors;
using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy.Settings;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Configuration;

/// <summary>
/// A whole configuration, checked: whatever could be found wrong before the start has been. Immutable.
/// </summary>
public sealed record NodeConfiguration
{
    /// <summary>All segments' rules, compiled together.</summary>
    public required RuleSet Rules { get; init; }

    /// <summary>
    /// Who is a member and what is pushed for it, in the order of <see cref="RuleSet.Segments"/>, which is the file's.
    /// </summary>
    public required IReadOnlyList<SegmentActions> Segments { get; init; }

    public required EventLimits Limits { get; init; }

    public required ShardOptions Shards { get; init; }

    public required StorageOptions Storage { get; init; }

    public required PostgresqlOptions Postgresql { get; init; }

    public required KafkaSection Kafka { get; init; }

    public required HttpOptions Http { get; init; }

    public required ApiOptions Api { get; init; }

    public required IngestOptions Ingest { get; init; }

    /// <summary>For all connectors.</summary>
    public required RelayOptions Relay { get; init; }

    /// <summary>For each connector, by name.</summary>
    public required IReadOnlyDictionary<ConnectorName, RelayOptions> Relays { get; init; }

    /// <summary>What a <c>PushPolicy</c> is made of.</summary>
    public required PolicySettings Policy { get; init; }

    /// <summary>By name; empty when loaded for <see cref="ConfigurationPurpose.Rules"/>.</summary>
    public required IReadOnlyDictionary<ConnectorName, ConnectorOptions> Connectors { get; init; }

    /// <summary>The configured templates and the built-in one.</summary>
    public required TemplateSet Templates { get; init; }

    /// <summary>Makes and reads the tokens of links to unsubscribe; null: there are none.</summary>
    public UnsubscribeTokens? Unsubscribe { get; init; }

    /// <summary>The bounds of one shard.</summary>
    public ShardLimits ShardLimits => new(Limits, Shards.HotCustomers, Shards.MaxTimelineEntries);
}
