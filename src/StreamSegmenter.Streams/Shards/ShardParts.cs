using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>What one owner of one shard works with, from its take-over on.</summary>
internal sealed record ShardParts(
    ShardId Id,
    RuleSet Rules,
    ShardOptions Options,
    ShardServices Services,
    SegmentationShard Shard,
    EffectCollector Effects,
    RecordTally Tally,
    ShardQuestions Questions
)
{
    /// <summary>
    /// Applies a record. One that lies in another partition than its customer's is rejected: another shard owns the
    /// customer, and neither would know everything.
    /// </summary>
    public ApplyResult Apply(in LogRecord record)
    {
        int partitions = Services.Log.PartitionCount;
        if (record.Customer.IsMissing || Murmur2.PartitionOf(record.Customer, partitions) == Id.Partition)
        {
            return Shard.Apply(record.LogTime, record.Customer, record.Payload);
        }

        // The clock moves by it all the same, and what else is wrong with it is said first.
        ApplyResult result = Shard.Apply(record.LogTime, customer: default, record.Payload);
        return result.Rejection.Reason == RejectReason.NoKey
            ? ApplyResult.Rejected(Misplaced(Murmur2.PartitionOf(record.Customer, partitions)))
            : result;
    }

    private Rejection Misplaced(PartitionId home) =>
        new(
            RejectReason.Misplaced,
            $"the key belongs into partition {home.Value}, not {Id.Value}: have the producer use the partitioner "
                + "murmur2_random (Kafka's own default), or read the topic as a source instead of as the log"
        );
}
