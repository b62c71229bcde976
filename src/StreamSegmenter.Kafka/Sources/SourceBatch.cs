using Confluent.Kafka;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>Records on their way from source topics into the log. Not thread-safe.</summary>
internal sealed class SourceBatch
{
    private readonly Dictionary<TopicPartition, Offset> _next = [];

    public List<NewRecord> Events { get; } = [];

    public List<(ConsumeResult<byte[]?, byte[]?> Record, DeadLetter Letter)> Letters { get; } = [];

    /// <summary>How many records of each topic came to what.</summary>
    public Dictionary<(string Topic, string Outcome), long> Counts { get; } = [];

    public int Records { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Where each partition goes on once this is stored.</summary>
    public IEnumerable<TopicPartitionOffset> Next =>
        _next.Select(pair => new TopicPartitionOffset(pair.Key, pair.Value));

    public void Add(ConsumeResult<byte[]?, byte[]?> record, SourceVerdict verdict)
    {
        Records++;
        Bytes += record.Message.Value?.Length ?? 0;
        _next[record.TopicPartition] = record.Offset + 1;
        if (verdict.Event is { } @event)
        {
            Events.Add(@event);
        }
        else if (verdict.Letter is { } letter)
        {
            Letters.Add((record, letter));
        }

        string outcome =
            verdict.IsTombstone ? "tombstone"
            : verdict.Letter is null ? "accepted"
            : "rejected";
        (string, string) key = (record.Topic, outcome);
        Counts[key] = Counts.GetValueOrDefault(key) + 1;
    }
}
