using System.ComponentModel.DataAnnotations;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Units;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.Node.Configuration;

/// <summary>Where events and state are kept.</summary>
public enum StorageType
{
    /// <summary>In files of one machine, which one node works on.</summary>
    Local = 1,

    /// <summary>In Kafka and PostgreSQL, which any number of nodes work on.</summary>
    Shared = 2,
}

/// <summary>
/// Where a node keeps its events and its state, section <c>storage</c>. Defaults are in the reference.
/// </summary>
public sealed record StorageOptions
{
    public required StorageType Type { get; init; }

    /// <summary>On a local disk; created when missing. A relative path starts at the current directory.</summary>
    [Required]
    public required string Directory { get; init; }

    /// <summary>Into how many shards the customers are divided; fixed by the first start.</summary>
    [Range(1, short.MaxValue)]
    public required int Partitions { get; init; }

    /// <summary>How long events are kept; null keeps them for ever.</summary>
    [DurationRange("1m", "36500d")]
    public required TimeSpan? Retention { get; init; }

    /// <summary>Events that may wait to be written; beyond it producers are asked to come back.</summary>
    [SizeRange("64KiB", "64GiB")]
    public required ByteSize MaxWaiting { get; init; }

    /// <summary>Memory for the newest events.</summary>
    [SizeRange("0", "64GiB")]
    public required ByteSize Cache { get; init; }

    /// <summary>How long the content of pushes that are over is kept for people to look at.</summary>
    [DurationRange("0s", "36500d")]
    public required TimeSpan DeliveredRetention { get; init; }

    /// <summary>How long what policy decided on pushes is kept; null keeps it.</summary>
    [DurationRange("0s", "36500d")]
    public required TimeSpan? DecisionRetention { get; init; }

    /// <summary>How long dead letters are kept; null keeps them.</summary>
    [DurationRange("0s", "36500d")]
    public required TimeSpan? DeadLetterRetention { get; init; }

    /// <summary>How long the history of memberships is kept; null keeps it.</summary>
    [DurationRange("0s", "36500d")]
    public required TimeSpan? TransitionRetention { get; init; }

    /// <summary>Connections to the state store that may read at once.</summary>
    [Range(1, 64)]
    public required int MaxReaders { get; init; }

    /// <summary>The settings of the event log.</summary>
    public EmbeddedLogOptions ForLog() =>
        new()
        {
            Directory = Directory,
            PartitionCount = Partitions,
            Retention = Retention,
            MaxWaitingBytes = MaxWaiting.Bytes,
            CacheBytes = Cache.Bytes,
        };

    /// <summary>The settings of the state store.</summary>
    /// <param name="longestCooldown">Of any segment.</param>
    public SqliteStateStoreOptions ForState(TimeSpan longestCooldown) =>
        new()
        {
            Directory = Directory,
            DeliveredRetention = DeliveredRetention,
            DecisionRetention = DecisionRetention,
            DeadLetterRetention = DeadLetterRetention,
            TransitionRetention = TransitionRetention,
            LongestCooldown = longestCooldown,
            MaxReaders = MaxReaders,
        };
}
