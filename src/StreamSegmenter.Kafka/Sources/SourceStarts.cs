using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>Decides where partitions are begun.</summary>
internal sealed class SourceStarts(IReadOnlyList<KafkaTopicSource> topics, TimeSpan timeout)
{
    /// <summary>
    /// The group's position of each, or the one that the topic's settings give; that one is noted at once, so that a
    /// second start does not begin anew.
    /// </summary>
    /// <exception cref="KafkaSetupException">There is none, and the settings give none.</exception>
    public IReadOnlyList<TopicPartitionOffset> Resolve(
        IConsumer<byte[]?, byte[]?> consumer,
        IReadOnlyList<TopicPartition> partitions
    ) =>
        [
            .. consumer
                .Committed(partitions, timeout)
                .Select(known =>
                    known.Offset.Value >= 0
                        ? new TopicPartitionOffset(known.TopicPartition, known.Offset)
                        : new(known.TopicPartition, First(consumer, known.TopicPartition))
                ),
        ];

    private Offset First(IConsumer<byte[]?, byte[]?> consumer, TopicPartition partition)
    {
        KafkaTopicSource source = topics.First(topic => topic.Topic == partition.Topic);
        switch (source.Start)
        {
            case SourceStart.Earliest:
                return consumer.QueryWatermarkOffsets(partition, timeout).Low;
            case SourceStart.Latest:
                return consumer.QueryWatermarkOffsets(partition, timeout).High;
            case SourceStart.Timestamp:
                Timestamp at = new(source.StartAt!.Value);
                Offset found = consumer.OffsetsForTimes([new(partition, at)], timeout)[0].Offset;
                return found.Value >= 0 ? found : consumer.QueryWatermarkOffsets(partition, timeout).High;
            default:
                throw new KafkaSetupException(
                    $"The group has no position in {partition.Topic} [{partition.Partition.Value}] yet: say where to "
                        + "begin, start = earliest, latest or timestamp."
                );
        }
    }
}
