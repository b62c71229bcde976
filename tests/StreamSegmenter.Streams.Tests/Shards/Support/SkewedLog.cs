using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>
/// A log whose clock is a promise that it does not keep, as a broker's can be: records may come later with log times
/// before it. A read at the end waits for nobody but time.
/// </summary>
internal sealed class SkewedLog(TimeProvider time) : IEventLogReader
{
    private readonly List<LogRecord> _records = [];

    public int PartitionCount => 1;

    public Timestamp Clock { get; set; }

    public void Append(Timestamp logTime, in NewRecord record) =>
        _records.Add(new(new(_records.Count), logTime, record.Customer, record.Payload));

    public ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken cancellationToken) =>
        new(new LogRange(LogPosition.Start, new(_records.Count)));

    public async ValueTask<LogBatch> ReadAsync(
        PartitionId partition,
        LogPosition from,
        int maxRecords,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        if (from.Value == _records.Count && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        List<LogRecord> records = [.. _records.Skip((int)from.Value).Take(maxRecords)];
        LogPosition next = new(from.Value + records.Count);
        return new(records, next, next.Value == _records.Count ? Clock : null);
    }
}
