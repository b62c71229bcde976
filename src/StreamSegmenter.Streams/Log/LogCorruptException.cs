namespace StreamSegmenter.Streams.Log;

/// <summary>The log's bytes are not those that were written. Nobody may read on past it.</summary>
public sealed class LogCorruptException(PartitionId partition, LogPosition position, string fault)
    : IOException(
        $"Partition {partition} is damaged at position {position.Value}: {fault}. Restore the log from a backup; "
            + "the disk or its file system has lost or changed data."
    )
{
    public PartitionId Partition { get; } = partition;

    /// <summary>The first record of the damaged batch.</summary>
    public LogPosition Position { get; } = position;
}
