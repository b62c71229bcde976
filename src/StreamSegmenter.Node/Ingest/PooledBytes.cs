using System.Buffers;

namespace StreamSegmenter.Node.Ingest;

/// <summary>
/// Bytes in a rented array that grows as they come. What <see cref="Slice"/> gave away is valid until the next write or
/// <see cref="Clear"/>.
/// </summary>
internal sealed class PooledBytes : IBufferWriter<byte>
{
    private const int SmallestRent = 4096;

    // A buffer that one huge request made grow is not kept for the small ones that follow.
    private const int LargestKept = 1024 * 1024;

    private byte[] _bytes = [];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Count);

    public ReadOnlyMemory<byte> Slice(int start, int length) => _bytes.AsMemory(start, length);

    public byte[] Array => _bytes;

    public void Advance(int count) => Count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Reserve(int room)
    {
        if (_bytes.Length - Count >= room)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestRent, Math.Max(Count + room, 2 * Count)));
        Span.CopyTo(larger);
        Release();
        _bytes = larger;
    }

    /// <summary>Starts anew in the same array.</summary>
    public void Clear()
    {
        Count = 0;
        if (_bytes.Length > LargestKept)
        {
            Release();
        }
    }

    public void RemoveStart(int count)
    {
        Span[count..].CopyTo(_bytes);
        Count -= count;
    }

    private void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
