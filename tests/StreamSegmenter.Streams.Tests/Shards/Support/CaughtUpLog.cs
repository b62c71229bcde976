using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>A log that asks its reader to stop once the reader would have to wait at the end.</summary>
internal sealed class CaughtUpLog(IEventLogReader log, CancellationTokenSource stop) : IEventLogReader
{
    public int PartitionCount => log.PartitionCount;

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
        if (wait > TimeSpan.Zero && (await log.GetRangeAsync(partition, cancellationToken)).End == from)
        {
            await stop.CancelAsync();
        }

        return await log.ReadAsync(partition, from, maxRecords, wait, cancellationToken);
    }
}
