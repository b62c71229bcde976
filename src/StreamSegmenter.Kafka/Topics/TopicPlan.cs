namespace StreamSegmenter.Kafka.Topics;

/// <summary>How a topic is to be.</summary>
public sealed record TopicPlan
{
    public required string Topic { get; init; }

    /// <summary>Of the customer log: the number of shards, which can never be changed.</summary>
    public required int Partitions { get; init; }

    /// <summary>On how many brokers each record lies.</summary>
    public short Replication { get; init; } = 3;

    /// <summary>
    /// On how many of them it must lie before it counts as written. With all but one, one broker may be away.
    /// </summary>
    public int MinInSyncReplicas { get; init; } = 2;

    /// <summary>
    /// How long records are kept. Longer than the longest outage and the oldest backup of the state store. Null keeps
    /// them for ever, which a change of definitions asks for.
    /// </summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The largest record it takes.</summary>
    public int MaxRecordBytes { get; init; } = 1_000_000;

    /// <summary>The topic's settings by Kafka's names.</summary>
    internal IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cleanup.policy"] = "delete",
            ["message.timestamp.type"] = "LogAppendTime",
            ["min.insync.replicas"] = $"{MinInSyncReplicas}",
            ["retention.ms"] = Retention is { } kept ? $"{(long)kept.TotalMilliseconds}" : "-1",
            ["retention.bytes"] = "-1",
            ["max.message.bytes"] = $"{MaxRecordBytes}",
            ["unclean.leader.election.enable"] = "false",
        };
}
