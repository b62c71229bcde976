namespace StreamSegmenter.Node.Demo;

/// <summary>
/// The wall clock of the demonstration: it stands at the event of the past that is being sent, then runs on from the
/// last of them. So customers do in minutes what took them months, and the engine decides as it would have then.
/// Timers and measured times are those of the real clock. Thread-safe.
/// </summary>
internal sealed class DemoClock(TimeProvider real, DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = start;
    private long? _runningSince;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _runningSince is { } since ? _now + real.GetElapsedTime(since) : _now;
        }
    }

    /// <summary>Moves the standing clock forward; a time that is past changes nothing.</summary>
    public void MoveTo(DateTimeOffset instant)
    {
        lock (_lock)
        {
            _now = instant > _now ? instant : _now;
        }
    }

    /// <summary>From here on time passes as it does.</summary>
    public void Run()
    {
        lock (_lock)
        {
            _runningSince ??= real.GetTimestamp();
        }
    }

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        real.CreateTimer(callback, state, dueTime, period);
}
