namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>
/// The newest batches of a partition, without a gap between them, as many as fit into so many bytes. It is a user of
/// their buffers. Not thread-safe.
/// </summary>
internal sealed class NewestBatches(long maxBytes)
{
    // What a batch takes in memory besides its bytes: the objects and their headers.
    private const int OverheadBytes = 96;

    private StoredBatch?[] _ring = new StoredBatch?[16];
    private int _first;
    private int _count;
    private long _bytes;

    /// <summary>The caller's use of the buffer becomes its own.</summary>
    public void Add(StoredBatch batch)
    {
        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + _count++) & (_ring.Length - 1)] = batch;
        _bytes += Size(batch);
        while (_bytes > maxBytes && _count > 0)
        {
            DropOldest();
        }
    }

    public void DropBefore(LogPosition position)
    {
        while (_count > 0 && At(0).First < position)
        {
            DropOldest();
        }
    }

    /// <summary>Drops the batches that end at <paramref name="position"/> or before.</summary>
    public void DropEndedBy(LogPosition position)
    {
        while (_count > 0 && At(0).End <= position)
        {
            DropOldest();
        }
    }

    /// <summary>
    /// Adds the batches from the one that holds <paramref name="from"/> on until they hold <paramref name="max"/>
    /// records, for each of them a use of its buffer; false when that one is not here any more.
    /// </summary>
    public bool TryCollect(LogPosition from, int max, List<StoredBatch> into)
    {
        if (_count == 0 || At(0).First > from)
        {
            return false;
        }

        long end = from.Value + max;
        for (int i = IndexOf(from); i < _count && At(i).First.Value < end; i++)
        {
            StoredBatch batch = At(i);
            batch.Buffer?.Retain();
            into.Add(batch);
        }

        return true;
    }

    private int IndexOf(LogPosition position)
    {
        int low = 0;
        int high = _count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = At(middle).First <= position ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private StoredBatch At(int index) => _ring[(_first + index) & (_ring.Length - 1)]!;

    private void DropOldest()
    {
        StoredBatch oldest = At(0);
        _bytes -= Size(oldest);
        oldest.Buffer?.Release();
        _ring[_first] = null;
        _first = (_first + 1) & (_ring.Length - 1);
        _count--;
    }

    private void Grow()
    {
        StoredBatch?[] larger = new StoredBatch?[_ring.Length * 2];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }

        (_ring, _first) = (larger, 0);
    }

    private static int Size(StoredBatch batch) => batch.HeldBytes + OverheadBytes;
}
