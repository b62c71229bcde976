using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.InMemory;

namespace StreamSegmenter.Node.Tests.Hosting;

/// <summary>A log that is read no further than the test lets its readers.</summary>
internal sealed class GatedLog(InMemoryEventLog log, int partitions) : IEventLogReader
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private readonly long[] _allowed = new long[partitions];
    private volatile Exception? _fault;

    public int PartitionCount => partitions;

    public void Allow(int partition, long position) => Volatile.Write(ref _allowed[partition], position);

    /// <summary>Reading fails from now on; with null it does not.</summary>
    public void Break(Exception? fault) => _fault = fault;

    public ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken cancellationToken) =>
        log.GetRangeAsync(partition, cancellationToken);

    public async ValueTask<LogBatch> ReadAsync(
        PartitionId partition,
        LogPosition from,
        int maxRecords,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        await Task.Delay(Interval, cancellationToken);
        long room = Volatile.Read(ref _allowed[partition.Value]) - from.Value;
        return _fault is { } fault ? throw fault
            : room <= 0 ? new([], from, null)
            : await log.ReadAsync(partition, from, (int)Math.Min(room, maxRecords), TimeSpan.Zero, cancellationToken);
    }
}
