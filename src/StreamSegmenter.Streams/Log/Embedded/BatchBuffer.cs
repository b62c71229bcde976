using System.Buffers;
using System.Diagnostics;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>
/// The array under a batch, shared by the cache of the newest ones and by readers. Whoever is the last to let go of it
/// gives it back to be used again; one that somebody never lets go of is left to the garbage collector. Thread-safe.
/// </summary>
internal sealed class BatchBuffer
{
    // Below this an array is not worth keeping: it dies young, and one from the pool could be twice as large.
    private const int PooledBytesMin = 8 << 10;

    private readonly bool _isRented;
    private int _users = 1;

    private BatchBuffer(byte[] array, bool isRented) => (Array, _isRented) = (array, isRented);

    public byte[] Array { get; }

    /// <summary>Memory for a batch; its only user is the caller.</summary>
    public static BatchBuffer Take(int bytes) =>
        bytes < PooledBytesMin
            ? new(GC.AllocateUninitializedArray<byte>(bytes), isRented: false)
            : new(ArrayPool<byte>.Shared.Rent(bytes), isRented: true);

    /// <summary>Goes on with an array of the shared pool that the caller gives away.</summary>
    public static BatchBuffer Adopt(byte[] rented) => new(rented, isRented: true);

    /// <summary>Adds a user; there is one.</summary>
    public void Retain() => Interlocked.Increment(ref _users);

    /// <summary>A user reads it no more.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _isRented)
        {
            Spoil();
            ArrayPool<byte>.Shared.Return(Array);
        }
    }

    // Whoever reads on finds out in every test.
    [Conditional("DEBUG")]
    private void Spoil() => Array.AsSpan().Fill((byte)'?');
}
