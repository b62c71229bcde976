using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Simulation.Servers;

/// <summary>
/// The one log of a world. Each partition is led by a broker, whose clock stamps its records and promises its time;
/// where brokers' clocks differ, a new leader may break the promise of the last.
/// </summary>
internal sealed class LogServer
{
    private const int Brokers = 3;

    private readonly Partition[] _partitions;
    private readonly TimeSpan[] _skews;
    private readonly SimScheduler _scheduler;
    private readonly FaultPlan _faults;
    private readonly Sabotage _sabotage;

    public LogServer(int partitions, SimScheduler scheduler, FaultPlan faults, Sabotage sabotage)
    {
        (_scheduler, _faults, _sabotage) = (scheduler, faults, sabotage);
        _partitions = [.. Enumerable.Range(0, partitions).Select(partition => new Partition(partition % Brokers))];
        double skew = faults.Profile.BrokerSkew.TotalSeconds;
        _skews = [.. Enumerable.Range(0, Brokers).Select(_ => faults.Between(-skew, skew))];
    }

    public int PartitionCount => _partitions.Length;

    public static string NameOf(PartitionId partition) => $"partition {partition}";

    /// <summary>All records of a partition.</summary>
    public IReadOnlyList<LogRecord> Records(PartitionId partition) => _partitions[partition.Value].Records;

    public LogRange Range(PartitionId partition) => new(LogPosition.Start, new(Records(partition).Count));

    public void Append(in NewRecord record)
    {
        PartitionId id = Murmur2.PartitionOf(record.Customer, PartitionCount);
        Partition partition = _partitions[id.Value];
        partition.Records.Add(new(Range(id).End, ClockOf(partition), record.Customer, record.Payload));
        List<TaskCompletionSource> waiting = [.. partition.Waiting];
        partition.Waiting.Clear();
        waiting.ForEach(waiter => waiter.TrySetResult());
    }

    public LogBatch Read(PartitionId id, LogPosition from, int max)
    {
        Partition partition = _partitions[id.Value];
        if (from > Range(id).End)
        {
            throw new LogPositionOutOfRangeException(id, from, Range(id));
        }

        List<LogRecord> records = [.. partition.Records.Skip((int)from.Value).Take(max)];
        if (_sabotage == Sabotage.RecordsAreSkipped && records.Count > 1 && _scheduler.Steps % 5 == 0)
        {
            records.RemoveAt(records.Count / 2);
        }

        LogPosition next = records.Count == 0 ? from : records[^1].Position.Next;
        return new(records, next, next == Range(id).End ? Promise(partition) : null);
    }

    /// <summary>Completes, on whatever thread, when the next record arrives.</summary>
    public void WhenArrived(PartitionId id, TaskCompletionSource waiter) => _partitions[id.Value].Waiting.Add(waiter);

    /// <summary>Another broker leads the partition, after a while in which nobody does.</summary>
    public void MoveLeader(PartitionId id)
    {
        _partitions[id.Value].Leader = (_partitions[id.Value].Leader + 1 + _faults.Random.Next(2)) % Brokers;
        _faults.Begin(NameOf(id), _faults.Between(0.1, 10));
    }

    private Timestamp Promise(Partition partition) =>
        _sabotage == Sabotage.LogClockRunsAhead ? ClockOf(partition).Plus(3_600_000) : ClockOf(partition);

    private Timestamp ClockOf(Partition partition) => Timestamp.From(_scheduler.Now + _skews[partition.Leader]);

    private sealed class Partition(int leader)
    {
        public int Leader { get; set; } = leader;

        public List<LogRecord> Records { get; } = [];

        public List<TaskCompletionSource> Waiting { get; } = [];
    }
}
