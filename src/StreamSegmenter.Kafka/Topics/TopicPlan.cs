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
    /// On how many of them it must lie before it counts as written. Null is all but one, so that one broker may be
    /// away, and at least one.
    /// </summary>
    public int? MinInSyncReplicas { get; init; }

    /// <summary>
    /// How long records are kept. Longer than the longest outage and the oldest backup of the state store. Null keeps
    /// them for ever, which a change of definitions asks for.
    /// </summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The largest record it takes.</summary>
    public int MaxRecordBytes { get; init; } = 1_000_000;

    /// <summary>What is wrong, with the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Check(Partitions > 0, $"{Partitions} partitions: give 1 or more");
        Check(Replication > 0, $"{Replication} replicas: give 1 or more");

        // Brokers take such a topic, and then refuse every record.
        Check(
            InSync > 0 && InSync <= Replication,
            $"{InSync} of {Replication} replicas in sync: give at least 1, and no more than there are"
        );
        return errors;

        void Check(bool valid, string error)
        {
            if (!valid)
            {
                errors.Add(error);
            }
        }
    }

    /// <summary>The topic's settings by Kafka's names.</summary>
    internal IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cleanup.policy"] = "delete",
            ["message.timestamp.type"] = "LogAppendTime",
            ["min.insync.replicas"] = $"{InSync}",
            ["retention.ms"] = Retention is { } kept ? $"{(long)kept.TotalMilliseconds}" : "-1",
            ["retention.bytes"] = "-1",
            ["max.message.bytes"] = $"{MaxRecordBytes}",
            ["unclean.leader.election.enable"] = "false",
        };

    private int InSync => MinInSyncReplicas ?? Math.Max(1, Replication - 1);
}
