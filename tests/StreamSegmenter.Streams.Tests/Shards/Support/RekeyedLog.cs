using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>A log whose records bear the keys given, in order, as if others had written them.</summary>
/// <param name="partitions">How many it says it has.</param>
internal sealed class RekeyedLog(IEventLogReader log, IReadOnlyList<CustomerId> keys, int partitions = 1)
    : IEventLogReader
{
    public int PartitionCount => partitions;

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
        LogBatch batch = await log.ReadAsync(partition, from, maxRecords, wait, cancellationToken);
        return batch with
        {
            Records = [.. batch.Records.Select(r => r with { Customer = keys[(int)r.Position.Value] })],
        };
    }
}
