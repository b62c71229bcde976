using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Log.InMemory;

/// <summary>
/// An event log that is gone with the process and bounded by nothing: for tests and trials. Thread-safe.
/// </summary>
public sealed class InMemoryEventLog : IEventLogWriter, IEventLogReader
{
    private readonly TimeProvider _time;
    private readonly Partition[] _partitions;

    public InMemoryEventLog(int partitionCount, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitionCount);
        _time = time;
        _partitions = new Partition[partitionCount];
        for (int i = 0; i < partitionCount; i++)
        {
            _partitions[i] = new(new PartitionId(i));
        }
    }

    public int PartitionCount => _partitions.Length;

    public ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Timestamp now = Timestamp.From(_time.GetUtcNow());
        PartitionId[] partitions = [.. records.Select(record => Murmur2.PartitionOf(record.Customer, PartitionCount))];
        for (int i = 0; i < partitions.Length; i++)
        {
            _partitions[partitions[i].Value].Append(records[i], now);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Of(partition).Range);
    }

    public async ValueTask<LogBatch> ReadAsync(
        PartitionId partition,
        LogPosition from,
        int maxRecords,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        cancellationToken.ThrowIfCancellationRequested();
        Partition records = Of(partition);
        if (records.Range.End == from)
        {
            await records.WaitAsync(from, wait, _time, cancellationToken);
        }

        return records.Read(from, maxRecords, Timestamp.From(_time.GetUtcNow()));
    }

    /// <summary>Deletes records older than <paramref name="before"/> from the start of each partition.</summary>
    public ValueTask TruncateAsync(Timestamp before, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (Partition partition in _partitions)
        {
            partition.Truncate(before);
        }

        return ValueTask.CompletedTask;
    }

    private Partition Of(PartitionId partition) =>
        (uint)partition.Value < (uint)_partitions.Length
            ? _partitions[partition.Value]
            : throw new ArgumentOutOfRangeException(
                nameof(partition),
                partition,
                $"The log has partitions 0 to {_partitions.Length - 1}."
            );

    private sealed class Partition(PartitionId id)
    {
        private readonly Lock _gate = new();
        private readonly ArrivalSignal _arrival = new();
        private readonly List<LogRecord> _records = [];
        private LogPosition _earliest;
        private Timestamp _floor = Timestamp.Beginning;

        public LogRange Range
        {
            get
            {
                lock (_gate)
                {
                    return new(_earliest, new(_earliest.Value + _records.Count));
                }
            }
        }

        public ValueTask WaitAsync(
            LogPosition from,
            TimeSpan wait,
            TimeProvider time,
            CancellationToken cancellation
        ) => _arrival.WaitAsync(() => Range.End != from, wait, time, cancellation);

        public void Append(in NewRecord record, Timestamp now)
        {
            lock (_gate)
            {
                _floor = Timestamp.Max(_floor, now);

                // The caller may use its buffer again.
                _records.Add(new(Range.End, _floor, record.Customer, record.Payload.ToArray()));
            }

            _arrival.Pulse();
        }

        public LogBatch Read(LogPosition from, int max, Timestamp now)
        {
            lock (_gate)
            {
                LogRange range = Range;
                if (from < range.Earliest || from > range.End)
                {
                    throw new LogPositionOutOfRangeException(id, from, range);
                }

                int index = (int)(from.Value - _earliest.Value);
                List<LogRecord> records = _records.GetRange(index, Math.Min(max, _records.Count - index));
                LogPosition next = new(from.Value + records.Count);
                if (next != range.End)
                {
                    return new(records, next, Clock: null);
                }

                _floor = Timestamp.Max(_floor, now);
                return new(records, next, _floor);
            }
        }

        public void Truncate(Timestamp before)
        {
            lock (_gate)
            {
                int count = _records.TakeWhile(record => record.LogTime < before).Count();
                _records.RemoveRange(0, count);
                _earliest = new(_earliest.Value + count);
            }
        }
    }
}
