using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Kafka.Sources;

namespace StreamSegmenter.Node.Configuration;

/// <summary>Topics that events are read from, section <c>kafka.sources</c>. Defaults are in the reference.</summary>
public sealed record KafkaSourcesSection
{
    /// <summary>The consumer group whose positions say what is in the log already.</summary>
    public required string Group { get; init; }

    public required IReadOnlyList<KafkaTopicSection> Topics { get; init; }

    /// <summary>The most records put into the log at once.</summary>
    public required int BatchRecords { get; init; }

    /// <summary>Bytes of values put into the log at once, about.</summary>
    public required int BatchBytes { get; init; }

    /// <summary>How long a broker may hold an answer back while it has nothing for us.</summary>
    [DurationRange("0s", "1m")]
    public required TimeSpan FetchWait { get; init; }

    /// <summary>A node that is silent for so long loses its partitions to the others.</summary>
    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>How often positions are committed to the group.</summary>
    public required TimeSpan CommitInterval { get; init; }

    /// <summary>How long a batch may take to get into the log before its partitions go to another node.</summary>
    public required TimeSpan HandOverLimit { get; init; }

    /// <summary>How long to wait before a batch that the log did not take is tried again.</summary>
    public required TimeSpan RetryInterval { get; init; }

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate() => Topics.Count == 0 ? [] : ToOptions().Validate();

    /// <summary>The options of the source.</summary>
    public KafkaSourceOptions ToOptions() =>
        new()
        {
            Group = Group,
            Topics = [.. Topics.Select(topic => topic.ToSource())],
            BatchRecords = BatchRecords,
            BatchBytes = BatchBytes,
            FetchWait = FetchWait,
            SessionTimeout = SessionTimeout,
            CommitInterval = CommitInterval,
            HandOverLimit = HandOverLimit,
            RetryInterval = RetryInterval,
        };
}

/// <summary>A topic to read events from; see <see cref="KafkaTopicSource"/> for what is left out.</summary>
public sealed record KafkaTopicSection
{
    public required string Topic { get; init; }

    public SourceFormat? Format { get; init; }

    public FlatMappingSection? Mapping { get; init; }

    public bool? KeyIsCustomer { get; init; }

    public SourceStart? Start { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public string? DeadLetterTopic { get; init; }

    internal KafkaTopicSource ToSource() =>
        new()
        {
            Topic = Topic,
            Format = Format ?? SourceFormat.Segment,
            Mapping = Mapping?.ToMapping(),
            KeyIsCustomer = KeyIsCustomer ?? false,
            Start = Start ?? SourceStart.Error,
            StartAt = StartAt,
            DeadLetterTopic = DeadLetterTopic,
        };
}

/// <summary>How a flat JSON object becomes an event; see <see cref="FlatMapping"/> for what is left out.</summary>
public sealed record FlatMappingSection
{
    public string? Event { get; init; }

    public string? EventField { get; init; }

    public string? UserId { get; init; }

    public string? MessageId { get; init; }

    public string? Timestamp { get; init; }

    public string? TimestampUnit { get; init; }

    public IReadOnlyDictionary<string, string>? Properties { get; init; }

    internal FlatMapping ToMapping()
    {
        var usual = new FlatMapping();
        return usual with
        {
            Event = Event,
            EventField = EventField,
            UserId = UserId ?? usual.UserId,
            MessageId = MessageId,
            Timestamp = Timestamp,
            TimestampUnit = TimestampUnit ?? usual.TimestampUnit,
            Properties = Properties,
        };
    }
}
