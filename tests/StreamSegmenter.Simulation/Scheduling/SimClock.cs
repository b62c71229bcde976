namespace StreamSegmenter.Simulation.Scheduling;

/// <summary>The clock of one process. Its time of day may be wrong; its stopwatch and its timers are not.</summary>
internal sealed class SimClock(SimScheduler scheduler, SimProcess process) : TimeProvider
{
    /// <summary>How far it is ahead of the true time.</summary>
    public TimeSpan Skew { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now + Skew;

    public override long GetTimestamp() => scheduler.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(scheduler, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer : ITimer
    {
        private readonly SimScheduler _scheduler;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly Alarm _alarm;
        private TimeSpan _period;
        private bool _disposed;

        public SimTimer(SimScheduler scheduler, SimProcess process, TimerCallback callback, object? state)
        {
            (_scheduler, _callback, _state) = (scheduler, callback, state);
            _alarm = new(process, static timer => ((SimTimer)timer!).Fire(), this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            _period = period;
            _scheduler.Disarm(_alarm);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _scheduler.Arm(_alarm, dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _scheduler.Disarm(_alarm);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            if (_disposed)
            {
                return;
            }

            if (_period > TimeSpan.Zero)
            {
                _scheduler.Arm(_alarm, _period);
            }

            _callback(_state);
        }
    }
}
