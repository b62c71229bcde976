using System.Diagnostics;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Log;

/// <summary>What came of offering a fetched position to a feed.</summary>
internal enum FeedResult
{
    Taken = 1,

    /// <summary>Taken, and no more should come.</summary>
    Full = 2,

    /// <summary>Not taken: positions before it are missing, and should be asked for once more.</summary>
    Doubted = 3,
}

/// <summary>
/// Records of one partition between the thread that fetches them and the shard that reads them. Everything here belongs
/// to one assignment of the partition, which begins with <see cref="Restart"/>. Thread-safe.
/// </summary>
internal sealed class PartitionFeed(PartitionId partition, KafkaLogOptions options, KafkaInstruments instruments)
{
    private readonly Lock _gate = new();
    private readonly ArrivalSignal _arrived = new();
    private Fetched[] _ring = new Fetched[64];
    private int _head;
    private int _count;
    private long _bytes;
    private bool _isAssigned;
    private bool _isPaused;
    private bool _isWaited;
    private Exception? _fault;

    // What was handed out last, and what must come next.
    private long _next;
    private long _expected;
    private long _doubted = -1;
    private Timestamp _latest;
    private bool _isAtEnd;

    // Where the partition ended when that was asked last, and since when nothing can have come that is not here.
    private long _knownEnd;
    private Timestamp _asked;
    private Timestamp _complete;
    private bool _hasArrived;

    public PartitionId Partition => partition;

    /// <summary>Readers take turns.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>The position that must come next.</summary>
    public long Expected
    {
        get
        {
            lock (_gate)
            {
                return _expected;
            }
        }
    }

    private bool IsFull => _count >= options.BufferRecords || _bytes >= options.BufferBytes;

    /// <summary>Whether a read from there can be served by what comes.</summary>
    public bool IsAt(LogPosition from)
    {
        lock (_gate)
        {
            long first = _count > 0 ? _ring[_head].Record.Position.Value : _expected;
            return _isAssigned && _fault is null && from.Value >= _next && from.Value <= first;
        }
    }

    /// <summary>Forgets everything: what comes now begins at <paramref name="from"/>.</summary>
    public void Restart(LogPosition from)
    {
        lock (_gate)
        {
            Clear();
            _isAssigned = true;
            Expect(from.Value);
            _next = from.Value;
        }
    }

    /// <summary>Nothing comes any more, until the next <see cref="Restart"/>.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            Clear();
        }
    }

    /// <summary>Takes a fetched record, unless it was there already.</summary>
    /// <param name="slab">Where its payload lies, if that memory is to be used again.</param>
    public FeedResult Add(in LogRecord record, PayloadSlab? slab)
    {
        lock (_gate)
        {
            long position = record.Position.Value;
            if (!_isAssigned || position < _expected)
            {
                instruments.Discarded();
                return FeedResult.Taken;
            }

            if (!Believes(position))
            {
                return FeedResult.Doubted;
            }

            Expect(position + 1);
            _isAtEnd = false;
            _latest = Timestamp.Max(_latest, record.LogTime);
            Push(new(record, slab));
            return IsFull ? FeedResult.Full : FeedResult.Taken;
        }
    }

    /// <summary>
    /// A fetch found that the partition ended here. Nobody knows when: the answer may have been waiting for us, if this
    /// process did, while more was appended. So it moves no clock.
    /// </summary>
    public FeedResult End(long position)
    {
        lock (_gate)
        {
            if (!_isAssigned || position < _expected)
            {
                return FeedResult.Taken;
            }

            if (!Believes(position))
            {
                return FeedResult.Doubted;
            }

            Expect(position);
            _isAtEnd = true;
            return FeedResult.Taken;
        }
    }

    /// <summary>Where the partition is believed to end; null when more is expected, or nobody reads.</summary>
    public long? BelievedEnd
    {
        get
        {
            lock (_gate)
            {
                return _isAssigned && _isWaited && _isAtEnd ? _expected : null;
            }
        }
    }

    /// <summary>By its leader's answer the partition ended there when, or after, that was asked.</summary>
    public void NoteEnd(LogPosition end, Timestamp asked)
    {
        lock (_gate)
        {
            if (_isAssigned)
            {
                (_knownEnd, _asked) = (end.Value, asked);
                Expect(_expected);
            }
        }
    }

    /// <summary>The next read fails.</summary>
    public void Fail(Exception fault)
    {
        lock (_gate)
        {
            _fault ??= fault;
            _hasArrived = true;
        }

        _arrived.Pulse();
    }

    /// <summary>Wakes the reader: nothing more comes at once.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _hasArrived = _hasArrived || _count > 0 || _isAtEnd;
        }

        _arrived.Pulse();
    }

    /// <summary>Stops the partition, if it is still full.</summary>
    public void PauseIfFull(Action<PartitionId> pause)
    {
        lock (_gate)
        {
            // Under the lock, so that no resumption overtakes it.
            if (IsFull && !_isPaused)
            {
                _isPaused = true;
                instruments.Paused();
                pause(partition);
            }
        }
    }

    /// <summary>Waits for the first record or the end after a restart.</summary>
    public ValueTask WaitForFirstAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken) =>
        HasArrived() ? ValueTask.CompletedTask : _arrived.WaitAsync(HasArrived, wait, time, cancellationToken);

    public ValueTask WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken) =>
        HasRecords() ? ValueTask.CompletedTask : _arrived.WaitAsync(HasRecords, wait, time, cancellationToken);

    /// <summary>Whether anything is known since the restart.</summary>
    public bool HasArrived()
    {
        lock (_gate)
        {
            return _hasArrived;
        }
    }

    /// <summary>Takes what is there, up to <paramref name="max"/> records.</summary>
    public LogBatch Take(LogPosition from, int max, Action<PartitionId> resume)
    {
        lock (_gate)
        {
            _isWaited = true;
            if (_fault is { } fault)
            {
                Clear();
                throw fault;
            }

            var records = _count == 0 ? [] : new LogRecord[Math.Min(max, _count)];
            PayloadLease? lease = records.Length == 0 ? null : new();
            for (int i = 0; i < records.Length; i++)
            {
                records[i] = Pop(lease!);
            }

            _next = records.Length > 0 ? records[^1].Position.Next.Value : from.Value;
            Resume(resume);
            if (_count > 0 || !_isAtEnd)
            {
                return new(records, new(_next), null) { Memory = lease };
            }

            Timestamp clock = _complete.Minus((long)options.ClockLag.TotalMilliseconds);
            return new(records, new(_expected), Timestamp.Max(clock, _latest)) { Memory = lease };
        }
    }

    private static long Weight(in LogRecord record) => record.Payload.Length + 64;

    private bool HasRecords()
    {
        lock (_gate)
        {
            return _count > 0 || _fault is not null;
        }
    }

    // Once everything up to an end is here, what comes later was appended after it was asked for.
    private void Expect(long position)
    {
        _expected = position;
        if (position >= _knownEnd)
        {
            _complete = Timestamp.Max(_complete, _asked);
        }
    }

    // Positions that were passed over twice are not there.
    private bool Believes(long position)
    {
        if (position == _expected)
        {
            return true;
        }

        if (!options.AllowGaps && _doubted != _expected)
        {
            _doubted = _expected;
            return false;
        }

        instruments.Gap();
        return true;
    }

    private void Resume(Action<PartitionId> resume)
    {
        if (_isPaused && _count <= options.BufferRecords / 2 && _bytes <= options.BufferBytes / 2)
        {
            _isPaused = false;
            resume(partition);
        }
    }

    private LogRecord Pop(PayloadLease lease)
    {
        (LogRecord record, PayloadSlab? slab) = _ring[_head];
        if (slab is not null)
        {
            lease.Add(slab);
        }

        _ring[_head] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        _bytes -= Weight(record);
        return record;
    }

    private void Push(in Fetched fetched)
    {
        if (_count == _ring.Length)
        {
            Fetched[] larger = new Fetched[2 * _ring.Length];
            int tail = _ring.Length - _head;
            Array.Copy(_ring, _head, larger, 0, tail);
            Array.Copy(_ring, 0, larger, tail, _head);
            (_ring, _head) = (larger, 0);
        }

        Debug.Assert(System.Numerics.BitOperations.IsPow2(_ring.Length), "the mask needs it");
        _ring[(_head + _count++) & (_ring.Length - 1)] = fetched;
        _bytes += Weight(fetched.Record);
    }

    private void Clear()
    {
        if (_count > 0)
        {
            Array.Clear(_ring);
        }

        (_head, _count, _bytes) = (0, 0, 0);
        (_isAssigned, _isPaused, _isWaited, _hasArrived) = (false, false, false, false);
        _fault = null;
        _doubted = -1;
        _latest = _asked = _complete = Timestamp.Beginning;
        _isAtEnd = false;
    }

    private readonly record struct Fetched(LogRecord Record, PayloadSlab? Slab);
}
