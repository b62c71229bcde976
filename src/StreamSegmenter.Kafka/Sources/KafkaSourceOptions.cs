using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>What the records of a topic look like.</summary>
public enum SourceFormat
{
    /// <summary>Each value is one event in the shape of the Segment Spec.</summary>
    Segment = 1,

    /// <summary>Each value is a JSON object whose fields a <see cref="FlatMapping"/> makes an event of.</summary>
    Flat = 2,
}

/// <summary>Where a partition is begun for which the group has no position yet.</summary>
public enum SourceStart
{
    /// <summary>Nowhere: the source stops and asks for a decision.</summary>
    Error = 0,

    /// <summary>With the oldest record there is.</summary>
    Earliest = 1,

    /// <summary>With the first record that comes after the start.</summary>
    Latest = 2,

    /// <summary>With the first record at or after <see cref="KafkaTopicSource.StartAt"/>.</summary>
    Timestamp = 3,
}

/// <summary>
/// Topics that events are read from. They are validated and put into the customer log, at least once each; a record
/// read twice bears one message id. Checked as a whole by <see cref="Validate"/>.
/// </summary>
public sealed record KafkaSourceOptions
{
    /// <summary>The consumer group whose positions say what is in the log already.</summary>
    public string Group { get; init; } = "streamsegmenter-sources";

    public required IReadOnlyList<KafkaTopicSource> Topics { get; init; }

    /// <summary>The most records put into the log at once.</summary>
    public int BatchRecords { get; init; } = 1_000;

    /// <summary>Bytes of values put into the log at once, about.</summary>
    public int BatchBytes { get; init; } = 1 << 20;

    /// <summary>How long a broker may hold an answer back while it has nothing for us.</summary>
    public TimeSpan FetchWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A node that is silent for so long loses its partitions to the others.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often positions are committed to the group: how much is read again after a crash.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a batch may take to get into the log before its partitions go to another node.</summary>
    public TimeSpan HandOverLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait before a batch that the log did not take is tried again.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Check(!string.IsNullOrWhiteSpace(Group), "group is empty: name a consumer group");
        Check(Topics.Count > 0, "topics is empty: name a topic, or leave the section out");
        Check(
            Topics.Select(topic => topic.Topic).Distinct(StringComparer.Ordinal).Count() == Topics.Count,
            "topics names a topic twice: each may be read in one way"
        );
        Check(BatchRecords >= 1, $"batch-records = {BatchRecords}: give 1 or more");
        Check(BatchBytes >= 1, $"batch-bytes = {BatchBytes}: give 1 or more");
        Check(
            SessionTimeout >= TimeSpan.FromSeconds(1),
            $"session-timeout = {SessionTimeout.ToText()}: give a duration of 1s or more"
        );
        Check(CommitInterval > TimeSpan.Zero, $"commit-interval = {CommitInterval.ToText()}: give a duration above 0");
        Check(
            HandOverLimit >= TimeSpan.Zero && HandOverLimit <= TimeSpan.FromMinutes(1),
            $"hand-over-limit = {HandOverLimit.ToText()}: give a duration of 1m or less"
        );
        Check(RetryInterval > TimeSpan.Zero, $"retry-interval = {RetryInterval.ToText()}: give a duration above 0");
        errors.AddRange(
            Topics.SelectMany(static (topic, i) => topic.Validate().Select(error => $"topics[{i}].{error}"))
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
}

/// <summary>A topic to read events from.</summary>
public sealed record KafkaTopicSource
{
    public required string Topic { get; init; }

    public SourceFormat Format { get; init; } = SourceFormat.Segment;

    /// <summary>For <see cref="SourceFormat.Flat"/>.</summary>
    public FlatMapping? Mapping { get; init; }

    /// <summary>
    /// The record's key names the customer, whatever ids the event has; an event without any gets it as its userId.
    /// </summary>
    public bool KeyIsCustomer { get; init; }

    public SourceStart Start { get; init; } = SourceStart.Error;

    /// <summary>For <see cref="SourceStart.Timestamp"/>.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>
    /// A topic to which records that are no events go too, with headers that say why and where from. Default: null,
    /// only the state store keeps them.
    /// </summary>
    public string? DeadLetterTopic { get; init; }

    internal IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Topic))
        {
            yield return "topic is empty: name a topic";
        }

        if ((Format == SourceFormat.Flat) != (Mapping is not null))
        {
            yield return $"format of topic {Topic}: flat and a mapping belong together";
        }

        if ((Start == SourceStart.Timestamp) != (StartAt is not null))
        {
            yield return $"start of topic {Topic}: timestamp and start-at belong together";
        }

        if (DeadLetterTopic == Topic)
        {
            yield return $"dead-letter-topic = {Topic}: its dead letters would be read again: name another topic";
        }

        foreach (string error in Mapping?.Validate() ?? [])
        {
            yield return $"mapping{error}";
        }
    }
}

/// <summary>
/// How a flat JSON object becomes an event. A field is named by its path, <c>order.total</c>; <c>$key</c> is the
/// record's key, <c>$header.NAME</c> a header. A field that is absent or null is left out.
/// </summary>
public sealed record FlatMapping
{
    /// <summary>The event's name; null when <see cref="EventField"/> gives it.</summary>
    public string? Event { get; init; }

    /// <summary>The field with the event's name.</summary>
    public string? EventField { get; init; }

    /// <summary>The field that names the customer.</summary>
    public string UserId { get; init; } = "$key";

    /// <summary>The field that tells a record sent twice. Default: null, the record's place in its topic.</summary>
    public string? MessageId { get; init; }

    /// <summary>
    /// The field with the time: ISO 8601, or a number of <see cref="TimestampUnit"/> since 1970. Default: null, the
    /// record's own time.
    /// </summary>
    public string? Timestamp { get; init; }

    /// <summary><c>ms</c> or <c>s</c>.</summary>
    public string TimestampUnit { get; init; } = "ms";

    /// <summary>
    /// The event's properties, each with the field it comes from. Default: null, all fields under their own names.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Properties { get; init; }

    internal IEnumerable<string> Validate()
    {
        if ((Event is null) == (EventField is null))
        {
            yield return " needs event or event-field, and not both";
        }

        if (TimestampUnit is not ("ms" or "s"))
        {
            yield return $".timestamp-unit = {TimestampUnit}: give ms or s";
        }
    }
}
