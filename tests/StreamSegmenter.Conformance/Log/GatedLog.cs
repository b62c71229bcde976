using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Conformance.Log;

/// <summary>A log that is read no further than the test lets its readers: at first, not at all.</summary>
public sealed class GatedLog(IEventLogReader log, TimeProvider time) : IEventLogReader
{
    private readonly long[] _allowed = new long[log.PartitionCount];
    private volatile Exception? _fault;

    public int PartitionCount => log.PartitionCount;

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
        if (_fault is { } fault)
        {
            throw fault;
        }

        long room = Volatile.Read(ref _allowed[partition.Value]) - from.Value;
        if (room > 0)
        {
            return await log.ReadAsync(partition, from, (int)Math.Min(room, maxRecords), wait, cancellationToken);
        }

        await Task.Delay(wait, time, cancellationToken);
        return new([], from, null);
    }
}
