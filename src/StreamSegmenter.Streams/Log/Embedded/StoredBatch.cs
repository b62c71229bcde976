using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>Records of one partition that were committed together; all bear the same log time.</summary>
/// <param name="First">The position of the first record.</param>
/// <param name="Bytes">As <see cref="BatchFormat"/> packs them.</param>
internal sealed record StoredBatch(
    PartitionId Partition,
    LogPosition First,
    int Count,
    Timestamp LogTime,
    Memory<byte> Bytes
)
{
    /// <summary>What the bytes lie in; null when the garbage collector has them.</summary>
    public BatchBuffer? Buffer { get; init; }

    /// <summary>The memory that it keeps from other uses.</summary>
    public int HeldBytes => Buffer?.Array.Length ?? Bytes.Length;

    public LogPosition End => new(First.Value + Count);
}

/// <summary>Where a batch lies in the table.</summary>
internal static class BatchKey
{
    private const int PositionBits = 48;

    /// <summary>
    /// One integer for partition and position: a partition's batches are neighbours in the table's own tree, in order,
    /// without a second index.
    /// </summary>
    public static long Of(PartitionId partition, LogPosition position) =>
        ((long)partition.Value << PositionBits) | position.Value;

    public static LogPosition PositionIn(long key) => new(key & ((1L << PositionBits) - 1));

    /// <summary>Above every key of the partition.</summary>
    public static long EndOf(PartitionId partition) => (long)(partition.Value + 1) << PositionBits;
}
