using System.Threading.Channels;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Wakes one waiting loop. Any number of <see cref="Set"/> before the wait count as one, and none is lost: what was set
/// while the loop worked ends its next wait at once.
/// </summary>
internal sealed class Wakeup : IDisposable
{
    // A timer takes no more than 49 days; waking once a day for nothing costs nothing.
    private const long LongestWaitMs = 86_400_000;

    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public Wakeup(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(
            static wakeup => ((Wakeup)wakeup!).Set(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Waits until set, or until <paramref name="latest"/>.</summary>
    public async ValueTask WaitAsync(Timestamp latest)
    {
        if (latest != Timestamp.Never)
        {
            long wait = latest.Milliseconds - Timestamp.From(_time.GetUtcNow()).Milliseconds;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, LongestWaitMs)), Timeout.InfiniteTimeSpan);
        }

        await _set.Reader.ReadAsync();
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
