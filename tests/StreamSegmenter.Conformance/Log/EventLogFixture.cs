using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Conformance.Log;

/// <summary>What a suite needs from an implementation: a new, empty log for each test.</summary>
public abstract class EventLogFixture : IAsyncLifetime
{
    /// <summary>More than one, so that spreading shows.</summary>
    public const int PartitionCount = 4;

    public abstract IEventLogWriter Writer { get; }

    public abstract IEventLogReader Reader { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();
}
