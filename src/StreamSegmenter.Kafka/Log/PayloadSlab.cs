using System.Diagnostics;

namespace StreamSegmenter.Kafka.Log;

/// <summary>
/// An array that the payloads of many records share, and how many of them are still to be released. One thread fills
/// it; any thread releases.
/// </summary>
internal sealed class PayloadSlab(byte[] bytes, PayloadSlabPool pool)
{
    private int _used;
    private int _filled;

    // What was filled in, once that is known, less what was released: 0 when nobody looks at any payload any more.
    private int _held;

    public byte[] Bytes => bytes;

    public int Room => bytes.Length - _used;

    /// <summary>Copies a payload, which must be released one day if the slab is to be used again.</summary>
    public ReadOnlyMemory<byte> Fill(ReadOnlySpan<byte> payload)
    {
        Memory<byte> copy = bytes.AsMemory(_used, payload.Length);
        payload.CopyTo(copy.Span);
        _used += payload.Length;
        _filled++;
        return copy;
    }

    /// <summary>Nothing more is filled in.</summary>
    public void Close()
    {
        if (Interlocked.Add(ref _held, _filled) == 0)
        {
            pool.Return(bytes);
        }
    }

    /// <summary>Nobody looks at so many payloads any more. None may be released twice.</summary>
    public void Release(int payloads)
    {
        Debug.Assert(payloads > 0, "until it is closed, 0 would mean that all are released");
        if (Interlocked.Add(ref _held, -payloads) == 0)
        {
            pool.Return(bytes);
        }
    }
}

/// <summary>Arrays for slabs to come, as many as are worth keeping. Thread-safe.</summary>
internal sealed class PayloadSlabPool
{
    // Below the size at which arrays are collected with the oldest only: those that never come back go early.
    public const int SlabBytes = 64 << 10;

    // About what shards that lag release at once. What is not kept has grown old, and costs a collection of the oldest.
    private const int MaxKept = 512;

    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _free = new();

    public PayloadSlab Rent()
    {
        lock (_gate)
        {
            byte[] bytes = _free.TryPop(out byte[]? free) ? free : GC.AllocateUninitializedArray<byte>(SlabBytes);
            return new(bytes, this);
        }
    }

    public void Return(byte[] bytes)
    {
        Spoil(bytes);
        lock (_gate)
        {
            if (_free.Count < MaxKept)
            {
                _free.Push(bytes);
            }
        }
    }

    // Who looks at a payload after its release shall notice.
    [Conditional("DEBUG")]
    private static void Spoil(byte[] bytes) => bytes.AsSpan().Fill(0xDD);
}

/// <summary>The payloads of one batch, to be released together, once.</summary>
internal sealed class PayloadLease : IDisposable
{
    // Neighbours mostly share their slab.
    private readonly List<(PayloadSlab Slab, int Payloads)> _runs = [];
    private int _isReleased;

    public void Add(PayloadSlab slab)
    {
        int last = _runs.Count - 1;
        if (last >= 0 && _runs[last].Slab == slab)
        {
            _runs[last] = (slab, _runs[last].Payloads + 1);
        }
        else
        {
            _runs.Add((slab, 1));
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            foreach ((PayloadSlab slab, int payloads) in _runs)
            {
                slab.Release(payloads);
            }
        }
    }
}
