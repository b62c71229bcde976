using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Kafka.Log;

/// <summary>The topic that is the customer log. Checked as a whole by <see cref="Validate"/>.</summary>
public sealed record KafkaLogOptions
{
    /// <summary>
    /// Exists already (<c>segctl topics create</c>). Its partitions are the shards: their number is fixed by the first
    /// start.
    /// </summary>
    public required string Topic { get; init; }

    /// <summary>
    /// The consumer group of all nodes of this installation: it spreads the shards, and bears their mirrored positions.
    /// </summary>
    public string Group { get; init; } = "streamsegmenter";

    /// <summary>
    /// By how much the clock of a partition that was read to its end stays behind the wall clock: more than brokers'
    /// clocks may differ from ours, and than a record takes from its stamp to us.
    /// </summary>
    public TimeSpan ClockLag { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often it is made sure that a silent partition is at its end still: how late its clock may be beside
    /// <see cref="ClockLag"/>.
    /// </summary>
    public TimeSpan ClockInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Fetched bytes of a partition that wait for its shard; beyond, the partition is paused.</summary>
    public int BufferBytes { get; init; } = 8 << 20;

    /// <summary>Fetched records of a partition that wait for its shard; beyond, the partition is paused.</summary>
    public int BufferRecords { get; init; } = 16_384;

    /// <summary>How long a broker may hold an answer back while it has nothing for us.</summary>
    public TimeSpan FetchWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes that may wait to be written; appends above it are refused.</summary>
    public long MaxWaitingBytes { get; init; } = 64L << 20;

    /// <summary>How long a record waits for company before it is sent.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long an append is tried before it fails.</summary>
    public TimeSpan AppendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One of none, gzip, snappy, lz4, zstd.</summary>
    public string Compression { get; init; } = "lz4";

    /// <summary>The largest record the topic takes; as <c>max.message.bytes</c> of the topic.</summary>
    public int MaxRecordBytes { get; init; } = 1_000_000;

    /// <summary>
    /// Take records that bear their producer's time instead of the broker's. A producer whose clock is ahead then moves
    /// the clock of a whole shard, for good. Default: no, such a topic is refused.
    /// </summary>
    public bool AllowCreateTime { get; init; }

    /// <summary>
    /// Believe at once that positions skip, as they do in topics with compaction or transactions. Default: no, it is
    /// read again to make sure that nothing was left out.
    /// </summary>
    public bool AllowGaps { get; init; }

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Check(!string.IsNullOrWhiteSpace(Topic), "topic is empty: name the topic that is the customer log");
        Check(!string.IsNullOrWhiteSpace(Group), "group is empty: name the consumer group of this installation");
        Check(ClockLag >= TimeSpan.Zero, $"clock-lag = {ClockLag.ToText()}: give 0 or a duration above it");
        Check(ClockInterval > TimeSpan.Zero, $"clock-interval = {ClockInterval.ToText()}: give a duration above 0");
        Check(BufferBytes >= 1 << 16, $"buffer-bytes = {BufferBytes}: give 64 KiB or more");
        Check(BufferRecords >= 16, $"buffer-records = {BufferRecords}: give 16 or more");
        Check(FetchWait >= TimeSpan.Zero, $"fetch-wait = {FetchWait.ToText()}: give 0 or a duration above it");
        Check(MaxWaitingBytes > 0, $"max-waiting = {MaxWaitingBytes}: give more than 0");
        Check(Linger >= TimeSpan.Zero, $"linger = {Linger.ToText()}: give 0 or a duration above it");
        Check(
            AppendTimeout > Linger,
            $"append-timeout = {AppendTimeout.ToText()}: give more than linger = {Linger.ToText()}"
        );
        Check(
            Compression is "none" or "gzip" or "snappy" or "lz4" or "zstd",
            $"compression = {Compression}: give none, gzip, snappy, lz4 or zstd"
        );
        Check(MaxRecordBytes >= 1_000, $"max-record-bytes = {MaxRecordBytes}: give 1000 or more");
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
