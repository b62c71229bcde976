namespace StreamSegmenter.Conformance.Time;

/// <summary>
/// A clock that stands still until it is advanced. Timers fire on the advancing thread, in order of their due times
/// (the older timer first when they are equal), each seeing exactly its due time as now; a timer changed or created by
/// a callback fires in the same advance when it falls due there. Thread-safe; callbacks run outside the lock.
/// </summary>
public sealed class FakeTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _armed = [];
    private DateTimeOffset _now = start;
    private TimeSpan _behind;
    private long _nextOrder;

    /// <summary>Starts at 2020-01-01T00:00:00Z.</summary>
    public FakeTimeProvider()
        : this(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer fires; null when none is armed.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count == 0 ? null : _armed.Min(timer => timer.Due) - _behind;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now - _behind;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _now.UtcTicks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        FakeTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward by <paramref name="step"/> and fires everything due on the way.</summary>
    public void Advance(TimeSpan step) => AdvanceTo(GetUtcNow() + step);

    /// <summary>Moves the clock forward to <paramref name="target"/> and fires everything due on the way.</summary>
    public void AdvanceTo(DateTimeOffset target)
    {
        while (FireNext(target)) { }

        lock (_lock)
        {
            _now = target + _behind > _now ? target + _behind : _now;
        }
    }

    /// <summary>Sets the clock back, as an operator or a time server may; timers fire as if it had not been.</summary>
    public void SetBack(TimeSpan step)
    {
        lock (_lock)
        {
            _behind += step;
        }
    }

    /// <summary>
    /// Moves to the first timer due by <paramref name="latest"/> and fires it; false when there is none.
    /// </summary>
    public bool FireNext(DateTimeOffset latest)
    {
        FakeTimer? next;
        lock (_lock)
        {
            next = _armed.MinBy(timer => (timer.Due, timer.Order));
            if (next is null || next.Due > latest + _behind)
            {
                return false;
            }

            _now = next.Due > _now ? next.Due : _now;
            next.Rearm();
        }

        next.Fire();
        return true;
    }

    private sealed class FakeTimer(FakeTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private bool _disposed;

        public DateTimeOffset Due { get; private set; }

        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._lock)
            {
                if (_disposed)
                {
                    return false;
                }

                owner._armed.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Arm(dueTime);
                }

                return true;
            }
        }

        /// <summary>Under the owner's lock, when the timer is about to fire.</summary>
        public void Rearm()
        {
            owner._armed.Remove(this);
            if (_period != Timeout.InfiniteTimeSpan && _period > TimeSpan.Zero)
            {
                Arm(_period);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (owner._lock)
            {
                _disposed = true;
                owner._armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan wait)
        {
            Due = owner._now + wait;
            Order = owner._nextOrder++;
            owner._armed.Add(this);
        }
    }
}
