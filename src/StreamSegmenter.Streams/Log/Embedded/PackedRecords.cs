using System.Buffers;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>
/// Records of one partition, packed by the thread that appends them so that the log's own thread only joins. The bytes
/// lie in a pooled array until <see cref="Release"/>.
/// </summary>
internal sealed class PackedRecords
{
    /// <summary>
    /// No batch is longer, unless one record alone is: reading a few records never loads many, and arrays below 85,000
    /// bytes die in the youngest generation instead of costing collections of the oldest.
    /// </summary>
    public const int BatchBytesWanted = 64 << 10;

    // With room for a header, so that a batch of these records alone takes the array as it is.
    private byte[] _buffer;
    private int _length = BatchFormat.HeaderBytes;

    private PackedRecords(PartitionId partition, int room)
    {
        Partition = partition;
        _buffer = ArrayPool<byte>.Shared.Rent(room);
    }

    public PartitionId Partition { get; }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(BatchFormat.HeaderBytes, _length - BatchFormat.HeaderBytes);

    /// <summary>Packs the records by partition, each partition's in the order given.</summary>
    /// <exception cref="System.Text.EncoderFallbackException">A customer's id is not Unicode text.</exception>
    public static List<PackedRecords> Pack(IReadOnlyList<NewRecord> records, int partitionCount)
    {
        List<PackedRecords> all = [];
        PackedRecords?[] open = new PackedRecords?[partitionCount];
        byte[] keyBuffer = ArrayPool<byte>.Shared.Rent(1024);
        long share = records.Sum(static record => (long)BatchFormat.MaxBytes(record)) / partitionCount;
        try
        {
            for (int i = 0; i < records.Count; i++)
            {
                NewRecord record = records[i];
                ReadOnlySpan<byte> key = Encode(record.Customer.Value, ref keyBuffer);
                PartitionId partition = Murmur2.PartitionOf(key, partitionCount);
                ref PackedRecords? pack = ref open[partition.Value];
                int needed = BatchFormat.MaxBytes(record);
                if (pack is null || pack._length + needed > BatchBytesWanted)
                {
                    long room = Math.Max(needed, share) + BatchFormat.HeaderBytes;
                    all.Add(
                        pack = new(
                            partition,
                            (int)Math.Max(needed + BatchFormat.HeaderBytes, Math.Min(room, BatchBytesWanted))
                        )
                    );
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

    /// <summary>
    /// Hands the array over, its records behind the room for a header; null when they fill less than half of it.
    /// </summary>
    public BatchBuffer? GiveAway()
    {
        if (_length < _buffer.Length / 2)
        {
            return null;
        }

        BatchBuffer given = BatchBuffer.Adopt(_buffer);
        Forget();
        return given;
    }

    /// <summary>Gives the bytes back, if it still has them; nobody reads them any more.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            Forget();
        }
    }

    private void Forget() => (_buffer, _length, Count) = ([], BatchFormat.HeaderBytes, 0);

    private void Add(in NewRecord record, ReadOnlySpan<byte> key)
    {
        int needed = _length + BatchFormat.MaxBytes(record);
        if (_buffer.Length < needed)
        {
            Grow(needed);
        }

        _length += BatchFormat.Write(key, record.Payload.Span, _buffer.AsSpan(_length));
        Count++;
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _buffer.Length));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
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
