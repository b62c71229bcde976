using System.Buffers;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>
/// Records of one partition, packed by the thread that appends them so that the log's own thread only joins.
/// </summary>
internal sealed class PackedRecords(PartitionId partition)
{
    /// <summary>Batches close above this, so that reading a few records never loads many.</summary>
    public const int BatchBytesWanted = 256 << 10;

    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public PartitionId Partition { get; } = partition;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Packs the records by partition, each partition's in the order given.</summary>
    /// <exception cref="System.Text.EncoderFallbackException">A customer's id is not Unicode text.</exception>
    public static List<PackedRecords> Pack(IReadOnlyList<NewRecord> records, int partitionCount)
    {
        List<PackedRecords> all = [];
        PackedRecords?[] open = new PackedRecords?[partitionCount];
        byte[] keyBuffer = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            for (int i = 0; i < records.Count; i++)
            {
                NewRecord record = records[i];
                ReadOnlySpan<byte> key = Encode(record.Customer.Value, ref keyBuffer);
                PartitionId partition = Murmur2.PartitionOf(key, partitionCount);
                ref PackedRecords? pack = ref open[partition.Value];
                if (pack is null || pack._bytes.WrittenCount >= BatchBytesWanted)
                {
                    all.Add(pack = new(partition));
                }

                pack.Add(record, key);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(keyBuffer);
        }

        return all;
    }

    private void Add(in NewRecord record, ReadOnlySpan<byte> key)
    {
        Span<byte> room = _bytes.GetSpan(BatchFormat.MaxBytes(record));
        _bytes.Advance(BatchFormat.Write(key, record.Payload.Span, room));
        Count++;
    }

    private static ReadOnlySpan<byte> Encode(string key, ref byte[] buffer)
    {
        int needed = LogText.Strict.GetMaxByteCount(key.Length);
        if (buffer.Length < needed)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(needed);
        }

        return buffer.AsSpan(0, LogText.Strict.GetBytes(key, buffer));
    }
}
