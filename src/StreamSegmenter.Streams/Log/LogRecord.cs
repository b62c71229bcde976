using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Log;

/// <summary>A partition of the log, counted from 0. A partition feeds exactly one shard of the same number.</summary>
public readonly record struct PartitionId(int Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The place of a record in its partition, counted from 0 without gaps in the embedded log.</summary>
public readonly record struct LogPosition(long Value) : IComparable<LogPosition>
{
    public static readonly LogPosition Start = new(0);

    public LogPosition Next => new(Value + 1);

    public static LogPosition Max(LogPosition a, LogPosition b) => a > b ? a : b;

    public static LogPosition Min(LogPosition a, LogPosition b) => a < b ? a : b;

    public int CompareTo(LogPosition other) => Value.CompareTo(other.Value);

    // The generated one prints all properties, the next position among them, and so on without end.
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static bool operator <(LogPosition a, LogPosition b) => a.Value < b.Value;

    public static bool operator >(LogPosition a, LogPosition b) => a.Value > b.Value;

    public static bool operator <=(LogPosition a, LogPosition b) => a.Value <= b.Value;

    public static bool operator >=(LogPosition a, LogPosition b) => a.Value >= b.Value;
}

/// <summary>A record to append.</summary>
/// <param name="Customer">The key: records of one customer keep their order.</param>
/// <param name="Payload">One event as UTF-8 JSON in the shape of the Segment Spec, already validated.</param>
public readonly record struct NewRecord(CustomerId Customer, ReadOnlyMemory<byte> Payload);

/// <summary>A record as read: the same at every reading, from wherever it begins.</summary>
/// <param name="LogTime">
/// When the log took it. Never decreases along a partition as long as the clocks of the log's machines agree; where
/// they do not, a shard's clock stands still rather than go back.
/// </param>
public readonly record struct LogRecord(
    LogPosition Position,
    Timestamp LogTime,
    CustomerId Customer,
    ReadOnlyMemory<byte> Payload
);

/// <summary>What one read returned.</summary>
/// <param name="Records">In order, without gaps from the position asked for; empty when there was nothing in
/// time.</param>
/// <param name="Next">The position after the last record: where to read next.</param>
/// <param name="Clock">
/// Set when the read reached the end of the log: no record appended later will carry an earlier log time.
/// It is what lets wall-clock ticks advance a shard that has caught up.
/// </param>
public sealed record LogBatch(IReadOnlyList<LogRecord> Records, LogPosition Next, Timestamp? Clock)
{
    /// <summary>
    /// Where the payloads lie, if the log would use that memory again. Only the first disposal counts.
    /// </summary>
    public IDisposable? Memory { get; init; }

    /// <summary>
    /// Says that nobody looks at any payload of the batch any more: other records may come to lie there. Whoever may
    /// keep a payload does not say it, and the memory goes when nobody holds a payload.
    /// </summary>
    public void Release() => Memory?.Dispose();
}

/// <summary>
/// The positions a partition holds: from <paramref name="Earliest"/> up to, not including, <paramref name="End"/>.
/// </summary>
public readonly record struct LogRange(LogPosition Earliest, LogPosition End);
