using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Measures the waits that a relay chose itself. It goes on evenly whatever the machine's clock is set to; its instants
/// mean something to this process alone. Thread-safe.
/// </summary>
internal sealed class SteadyClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public Timestamp Now => new(time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>What the machine's clock will show then, unless it is set.</summary>
    public Timestamp Shown(Timestamp at) =>
        at == Timestamp.Beginning ? at : Timestamp.From(time.GetUtcNow()).Plus(at.Milliseconds - Now.Milliseconds);
}
