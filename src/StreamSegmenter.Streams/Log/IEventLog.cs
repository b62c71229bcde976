namespace StreamSegmenter.Streams.Log;

/// <summary>
/// The event log's writing side: a durable, partitioned, append-only sequence of events keyed by customer.
/// Thread-safe.
/// </summary>
public interface IEventLogWriter
{
    /// <summary>
    /// Appends the records in the order given and stamps each with a log time that never decreases in its partition.
    /// When the task completes, all of them are on stable storage; when it fails, any of them may or may not be (the
    /// caller repeats them; duplicates are recognised downstream by their messageId). A call waits while the log is
    /// slower than its writers, and throws <see cref="LogBusyException"/> when more than the configured bytes wait.
    /// </summary>
    ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken);
}

/// <summary>The event log's reading side. Thread-safe; readers do not disturb each other or writers.</summary>
public interface IEventLogReader
{
    /// <summary>Fixed for the life of the log: customers are spread by it.</summary>
    int PartitionCount { get; }

    /// <summary>What the partition holds now.</summary>
    ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken cancellationToken);

    /// <summary>
    /// Reads up to <paramref name="maxRecords"/> records from <paramref name="from"/> on. With none there it waits
    /// until one arrives or <paramref name="wait"/> has passed, then returns what there is.
    /// </summary>
    /// <exception cref="LogPositionOutOfRangeException">
    /// <paramref name="from"/> is before the earliest record or after the end: history was lost, and nobody may guess.
    /// </exception>
    ValueTask<LogBatch> ReadAsync(
        PartitionId partition,
        LogPosition from,
        int maxRecords,
        TimeSpan wait,
        CancellationToken cancellationToken
    );
}

/// <summary>More is waiting to be appended than the log accepts; the caller should slow down and repeat.</summary>
public sealed class LogBusyException(string message) : IOException(message);

/// <summary>A position outside what the log holds.</summary>
public sealed class LogPositionOutOfRangeException(PartitionId partition, LogPosition position, LogRange range)
    : InvalidOperationException(
        $"Partition {partition} holds positions {range.Earliest.Value} to {range.End.Value - 1}, "
            + $"but {position.Value} was asked for. The log was truncated, expired or replaced under a shard that "
            + "still needs it; restore the log, or rebuild the shard from an empty state store."
    );
