using StreamSegmenter.Conformance.Log;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Log.Embedded;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

public sealed class CachedEmbeddedEventLogTests : LocalEventLogConformance<CachedEmbeddedLogFixture>;

public sealed class UncachedEmbeddedEventLogTests : LocalEventLogConformance<UncachedEmbeddedLogFixture>;

public sealed class CachedEmbeddedLogFixture() : EmbeddedLogFixture(cacheBytes: 1 << 20);

public sealed class UncachedEmbeddedLogFixture() : EmbeddedLogFixture(cacheBytes: 0);

public abstract class EmbeddedLogFixture(long cacheBytes) : LocalEventLogFixture
{
    private readonly TemporaryDirectory _directory = new();
    private EmbeddedEventLog? _log;

    public override IEventLogWriter Writer => _log!;

    public override IEventLogReader Reader => _log!;

    public override async Task InitializeAsync()
    {
        EmbeddedLogOptions options = new()
        {
            Directory = _directory.Path,
            PartitionCount = PartitionCount,
            CacheBytes = cacheBytes,
        };
        _log = await EmbeddedEventLog.OpenAsync(options, Time);
    }

    public override async Task DisposeAsync()
    {
        await _log!.DisposeAsync();
        _directory.Dispose();
    }

    public override ValueTask TruncateAsync(Timestamp before) => _log!.TruncateAsync(before, default);
}
