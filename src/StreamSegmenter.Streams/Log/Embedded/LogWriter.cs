using System.Runtime.InteropServices;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>
/// The log's thread: joins the appends that wait into one transaction, stamps them, writes them, shows them to readers
/// and only then answers the callers.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    // Keeps one transaction, and so the time until its callers hear of it, within a fraction of a second.
    private const long MaxTransactionBytes = 8 << 20;
    private const int TruncationStep = 1_000;

    // How far ahead the file reserves times for readers. After a crash the log's time starts at most this far ahead of
    // the wall clock; a log without appends writes one row as often as this.
    private const long ReserveMilliseconds = 1_000;

    private readonly LogFile _file;
    private readonly PartitionTail[] _tails;
    private readonly long _maxWaitingBytes;
    private readonly TimeProvider _time;
    private readonly GroupThread<LogOperation> _thread;
    private readonly List<PackedRecords>[] _packsOf;
    private readonly List<LogOperation> _transaction = [];
    private long _waitingBytes;
    private long _reserved;

    public LogWriter(LogFile file, PartitionTail[] tails, long maxWaitingBytes, TimeProvider time)
    {
        _file = file;
        _tails = tails;
        _maxWaitingBytes = maxWaitingBytes;
        _time = time;
        _reserved = file.Reserved.Milliseconds;
        _packsOf = new List<PackedRecords>[tails.Length];
        for (int i = 0; i < tails.Length; i++)
        {
            _packsOf[i] = [];
        }

        _thread = new("event log", Handle);
    }

    /// <summary>Times up to this one may be promised to readers.</summary>
    public Timestamp Reserved => new(Volatile.Read(ref _reserved));

    /// <summary>Completes when the records are on stable storage.</summary>
    /// <exception cref="LogBusyException">With this append more bytes would wait than may.</exception>
    public Task AppendAsync(AppendOperation append)
    {
        long waiting = Interlocked.Add(ref _waitingBytes, append.Bytes);
        if (waiting > _maxWaitingBytes)
        {
            Interlocked.Add(ref _waitingBytes, -append.Bytes);
            throw new LogBusyException(
                $"{waiting} bytes would wait to be written to {_file.Path}, above the limit of {_maxWaitingBytes}; "
                    + "slow down and repeat."
            );
        }

        return Enqueue(append);
    }

    public Task ReserveClockAsync() => Enqueue(new ReserveClockOperation());

    public Task TruncateAsync(Timestamp before) => Enqueue(new TruncateOperation(before));

    /// <summary>Writes what waits, then ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        await _thread.DisposeAsync();
        Timestamp promised = _tails.Select(static tail => tail.Floor).Aggregate(Timestamp.Max);
        _file.ReleaseClock(promised);
    }

    private Task Enqueue(LogOperation operation)
    {
        _thread.Enqueue(operation);
        return operation.Done;
    }

    private void Handle(List<LogOperation> waiting)
    {
        long bytes = 0;
        foreach (LogOperation operation in waiting)
        {
            if (operation is TruncateOperation truncation)
            {
                Truncate(truncation);
                continue;
            }

            long size = (operation as AppendOperation)?.Bytes ?? 0;
            if (bytes > 0 && bytes + size > MaxTransactionBytes)
            {
                Commit();
                bytes = 0;
            }

            _transaction.Add(operation);
            bytes += size;
        }

        Commit();
        waiting.Clear();
    }

    private void Commit()
    {
        if (_transaction.Count == 0)
        {
            return;
        }

        List<StoredBatch> batches = [];
        Exception? failure = null;
        try
        {
            Timestamp now = Timestamp.From(_time.GetUtcNow());
            Collect();
            Stamp(now, batches);
            Write(batches, now);
        }
        catch (Exception e)
        {
            failure = new IOException(
                $"{_file.Path} could not be written: {e.Message} Whether these records are in it is unknown; "
                    + "repeat them.",
                e
            );
        }

        Show(batches, failure);
        Answer(failure);
    }

    private void Collect()
    {
        foreach (LogOperation operation in _transaction)
        {
            if (operation is AppendOperation append)
            {
                foreach (PackedRecords pack in append.Records)
                {
                    _packsOf[pack.Partition.Value].Add(pack);
                }
            }
        }
    }

    private void Stamp(Timestamp now, List<StoredBatch> batches)
    {
        foreach (PartitionTail tail in _tails)
        {
            List<PackedRecords> packs = _packsOf[tail.Partition.Value];
            if (packs.Count > 0)
            {
                (LogPosition first, Timestamp logTime) = tail.Stamp(now);
                BatchJoiner.Join(packs, first, logTime, batches);
            }
        }
    }

    private void Write(List<StoredBatch> batches, Timestamp now)
    {
        // With the batches it costs nothing, so it is renewed long before a reader would have to wait for it.
        bool stale = now.Plus(batches.Count > 0 ? ReserveMilliseconds / 2 : 0) > _file.Reserved;
        if (batches.Count > 0 || stale)
        {
            _file.Write(batches, stale ? now.Plus(ReserveMilliseconds) : _file.Reserved);
            Volatile.Write(ref _reserved, _file.Reserved.Milliseconds);
        }
    }

    private void Show(List<StoredBatch> batches, Exception? failure)
    {
        ReadOnlySpan<StoredBatch> all = CollectionsMarshal.AsSpan(batches);
        foreach (PartitionTail tail in _tails)
        {
            // Each partition's batches are neighbours, in the order of partitions.
            int count = 0;
            while (count < all.Length && all[count].Partition == tail.Partition)
            {
                count++;
            }

            if (count > 0 && failure is null)
            {
                tail.Publish(all[..count]);
            }
            else
            {
                tail.Withdraw();
                Forget(all[..count]);
            }

            all = all[count..];
            List<PackedRecords> packs = _packsOf[tail.Partition.Value];
            packs.ForEach(static pack => pack.Release());
            packs.Clear();
        }
    }

    private static void Forget(ReadOnlySpan<StoredBatch> batches)
    {
        foreach (StoredBatch batch in batches)
        {
            batch.Buffer?.Release();
        }
    }

    private void Answer(Exception? failure)
    {
        foreach (LogOperation operation in _transaction)
        {
            if (operation is AppendOperation append)
            {
                Interlocked.Add(ref _waitingBytes, -append.Bytes);
            }

            if (failure is null)
            {
                operation.Complete();
            }
            else
            {
                operation.Fail(failure);
            }
        }

        _transaction.Clear();
    }

    private void Truncate(TruncateOperation truncation)
    {
        Commit();
        try
        {
            foreach (PartitionTail tail in _tails)
            {
                while (_file.FindTruncation(tail, truncation.Before, TruncationStep) is { } earliest)
                {
                    Truncate(tail, earliest);
                }
            }

            truncation.Complete();
        }
        catch (Exception e)
        {
            truncation.Fail(new IOException($"{_file.Path} could not be truncated: {e.Message}", e));
        }
    }

    private void Truncate(PartitionTail tail, LogPosition earliest)
    {
        LogRange range = tail.Range;

        // Readers are turned away before the rows go, so that none finds a hole.
        tail.SetEarliest(earliest);
        try
        {
            _file.Delete(tail.Partition, earliest, range.End, tail.Floor);
        }
        catch
        {
            tail.SetEarliest(range.Earliest);
            throw;
        }
    }
}
