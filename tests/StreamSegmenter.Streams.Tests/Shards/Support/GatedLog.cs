using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>A log that is read no further than the test lets its readers.</summary>
internal sealed class GatedLog(IEventLogReader log, TimeProvider time) : IEventLogReader
{
    public int PartitionCount => log.PartitionCount;

    public long Allowed { get; set; }

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
        long room = Allowed - from.Value;
        if (room > 0)
        {
            return await log.ReadAsync(partition, from, (int)Math.Min(room, maxRecords), wait, cancellationToken);
        }

        await Task.Delay(wait, time, cancellationToken);
        return new([], from, null);
    }
}
