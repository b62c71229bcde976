namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>Settings of an <see cref="EmbeddedEventLog"/>.</summary>
public sealed record EmbeddedLogOptions
{
    /// <summary>The directory of <c>log.db</c>; on a local disk. Created when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Fixed by the first opening of the file: the number of shards, 1 to 32,767. Default 16.</summary>
    public int PartitionCount { get; init; } = 16;

    /// <summary>
    /// Bytes that may wait to be written; appends above it are refused with <see cref="LogBusyException"/>. Default 64
    /// MiB.
    /// </summary>
    public long MaxWaitingBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Memory for the newest records of all partitions together until they are read, so that readers at the end touch
    /// no disk. Default 64 MiB.
    /// </summary>
    public long CacheBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Records older than this are deleted, whether they were read or not: keep it longer than the longest outage that
    /// readers are to survive. Default: none, everything is kept.
    /// </summary>
    public TimeSpan? Retention { get; init; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        Require(PartitionCount is > 0 and <= short.MaxValue, nameof(PartitionCount), "must be from 1 to 32767");
        Require(MaxWaitingBytes > 0, nameof(MaxWaitingBytes), "must be above 0");
        Require(CacheBytes >= 0, nameof(CacheBytes), "must not be negative");
        Require(Retention is null || Retention > TimeSpan.Zero, nameof(Retention), "must be above 0, or absent");
    }

    private static void Require(bool condition, string option, string demand)
    {
        if (!condition)
        {
            throw new ArgumentException($"The embedded log's {option} {demand}.", option);
        }
    }
}
