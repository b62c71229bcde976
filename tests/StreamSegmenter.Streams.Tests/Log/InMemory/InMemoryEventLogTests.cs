using StreamSegmenter.Conformance.Log;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.InMemory;

namespace StreamSegmenter.Streams.Tests.Log.InMemory;

public sealed class InMemoryEventLogTests : LocalEventLogConformance<InMemoryEventLogFixture>;

public sealed class InMemoryEventLogFixture : LocalEventLogFixture
{
    private readonly InMemoryEventLog _log;

    public InMemoryEventLogFixture() => _log = new(PartitionCount, Time);

    public override IEventLogWriter Writer => _log;

    public override IEventLogReader Reader => _log;

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;

    public override ValueTask TruncateAsync(Timestamp before) => _log.TruncateAsync(before, default);
}
