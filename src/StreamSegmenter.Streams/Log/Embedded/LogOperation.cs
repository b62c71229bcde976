using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>Something that waits for the log's thread.</summary>
internal abstract class LogOperation
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Complete() => _done.SetResult();

    public void Fail(Exception reason) => _done.SetException(reason);
}

internal sealed class AppendOperation(List<PackedRecords> records) : LogOperation
{
    public List<PackedRecords> Records { get; } = records;

    public long Bytes { get; } = records.Sum(static pack => (long)pack.Bytes.Length);
}

/// <summary>A reader at the end needs a time beyond those that the file has reserved.</summary>
internal sealed class ReserveClockOperation : LogOperation;

internal sealed class TruncateOperation(Timestamp before) : LogOperation
{
    public Timestamp Before { get; } = before;
}
