using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>
/// What is known in memory of a partition: its range, its newest batches and its clock. Records go through it in two
/// steps: stamped before they are written, published after. Thread-safe; one thread stamps and publishes.
/// </summary>
internal sealed class PartitionTail(PartitionId partition, LogRange range, Timestamp floor, long cacheBytes)
{
    private readonly Lock _gate = new();
    private readonly NewestBatches _newest = new(cacheBytes);
    private readonly ArrivalSignal _arrival = new();
    private LogPosition _earliest = range.Earliest;
    private LogPosition _end = range.End;

    // No record after the end bears an earlier time: the last stamp, or a later promise to a reader.
    private Timestamp _floor = floor;
    private bool _stamped;

    public PartitionId Partition { get; } = partition;

    public LogRange Range
    {
        get
        {
            lock (_gate)
            {
                return new(_earliest, _end);
            }
        }
    }

    /// <summary>Fixes the time of the records that are about to be written, and where they start.</summary>
    public (LogPosition First, Timestamp LogTime) Stamp(Timestamp now)
    {
        lock (_gate)
        {
            _stamped = true;
            _floor = Timestamp.Max(_floor, now);
            return (_end, _floor);
        }
    }

    /// <summary>
    /// Shows the records that were stamped and are now on stable storage. The caller's use of their buffers ends here.
    /// </summary>
    public void Publish(ReadOnlySpan<StoredBatch> batches)
    {
        lock (_gate)
        {
            _stamped = false;
            foreach (StoredBatch batch in batches)
            {
                _newest.Add(batch);
                _end = batch.End;
            }
        }

        _arrival.Pulse();
    }

    /// <summary>The records that were stamped could not be written. Their time stays passed.</summary>
    public void Withdraw()
    {
        lock (_gate)
        {
            _stamped = false;
        }
    }

    /// <summary>
    /// When <paramref name="next"/> is the end, promises a time that no later record goes below:
    /// <paramref name="now"/>, unless records that are being written bear an earlier one already.
    /// </summary>
    public Timestamp? Promise(LogPosition next, Timestamp now)
    {
        lock (_gate)
        {
            if (next != _end)
            {
                return null;
            }

            if (!_stamped)
            {
                _floor = Timestamp.Max(_floor, now);
            }

            return _floor;
        }
    }

    /// <summary>The last promise or stamp.</summary>
    public Timestamp Floor
    {
        get
        {
            lock (_gate)
            {
                return _floor;
            }
        }
    }

    /// <summary>Forgets what is about to be deleted, so that nobody reads for it any more.</summary>
    public void SetEarliest(LogPosition earliest)
    {
        lock (_gate)
        {
            _earliest = earliest;
            _newest.DropBefore(earliest);
        }
    }

    /// <summary>
    /// See <see cref="NewestBatches.TryCollect"/>. What ends before <paramref name="from"/> is dropped, so that it dies
    /// young: a partition has one reader, who goes back only after a fault.
    /// </summary>
    public bool TryCollectNewest(LogPosition from, int max, List<StoredBatch> into)
    {
        lock (_gate)
        {
            _newest.DropEndedBy(from);
            return _newest.TryCollect(from, max, into);
        }
    }

    /// <summary>Waits until there is a record at <paramref name="from"/>, at most <paramref name="wait"/>.</summary>
    public ValueTask WaitAsync(
        LogPosition from,
        TimeSpan wait,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => _arrival.WaitAsync(() => Range.End != from, wait, time, cancellationToken);

    /// <summary>What the partition holds, if it can be read from <paramref name="from"/>.</summary>
    /// <exception cref="LogPositionOutOfRangeException">Nothing may be read from there.</exception>
    public LogRange CheckedRange(LogPosition from)
    {
        LogRange current = Range;
        return from < current.Earliest || from > current.End
            ? throw new LogPositionOutOfRangeException(Partition, from, current)
            : current;
    }
}
