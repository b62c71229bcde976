namespace StreamSegmenter.Simulation.Scheduling;

/// <summary>
/// Runs everything that happens in a world, one thing at a time on the calling thread, on virtual time. Which of the
/// things that could happen next does happen next is drawn from the seed.
/// </summary>
/// <param name="window">Among how many of the oldest ready things is drawn; 1 keeps them in order.</param>
internal sealed class SimScheduler(int seed, int window, Trace trace, DateTimeOffset start)
{
    // No run of the usual size needs a tenth of it.
    private const long MaxSteps = 5_000_000;

    private readonly Random _random = new(seed);
    private readonly List<Ready> _ready = [];
    private readonly PriorityQueue<(Alarm Alarm, long Version), (long Ticks, long Order)> _alarms = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    public DateTimeOffset Now { get; private set; } = start;

    public Trace Trace => trace;

    /// <summary>Things that were run.</summary>
    public long Steps { get; private set; }

    /// <summary>The most things that were ready at once.</summary>
    public int MostReady { get; private set; }

    /// <summary>Timers that are set.</summary>
    public int Armed { get; private set; }

    /// <summary>Lets something happen in a process, some time soon.</summary>
    public void Post(SimProcess process, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            process.Escaped = true;
            return;
        }

        if (process.IsAlive)
        {
            (process.IsPaused ? process.Held : _ready).Add(new(process, callback, state));
            MostReady = Math.Max(MostReady, _ready.Count);
        }
    }

    /// <summary>What a process could not do while it was paused.</summary>
    public void Release(SimProcess process)
    {
        _ready.AddRange(process.Held);
        process.Held.Clear();
    }

    /// <summary>Lets something happen in a process after a while.</summary>
    public void After(TimeSpan wait, SimProcess process, Action action)
    {
        if (wait <= TimeSpan.Zero)
        {
            Post(process, static action => ((Action)action!)(), action);
            return;
        }

        var alarm = new Alarm(process, static action => ((Action)action!)(), action);
        Arm(alarm, wait);
    }

    /// <summary>Sets a timer, instead of what it was set to before.</summary>
    public void Arm(Alarm alarm, TimeSpan wait)
    {
        Disarm(alarm);
        alarm.IsArmed = true;
        Armed++;
        long due = Now.Ticks + Math.Max(0, wait.Ticks);
        _alarms.Enqueue((alarm, alarm.Version), (due, _order++));
    }

    public void Disarm(Alarm alarm)
    {
        alarm.Version++;
        Armed -= alarm.IsArmed ? 1 : 0;
        alarm.IsArmed = false;
    }

    /// <summary>Lets time pass.</summary>
    public void RunUntil(DateTimeOffset target)
    {
        while (Step(target)) { }

        Now = target > Now ? target : Now;
    }

    /// <summary>Lets one thing happen; false when nothing can until then.</summary>
    private bool Step(DateTimeOffset limit)
    {
        if (_ready.Count == 0 && !MoveToNextAlarm(limit))
        {
            return false;
        }

        int among = Math.Min(window, _ready.Count);
        int chosen = among == 1 ? 0 : _random.Next(among);
        Ready ready = _ready[chosen];
        _ready.RemoveAt(chosen);
        if (ready.Process.IsPaused)
        {
            ready.Process.Held.Add(ready);
            return true;
        }

        trace.AddChoice(Now.Ticks, chosen, among);
        if (++Steps > MaxSteps)
        {
            throw new InvalidOperationException($"I9: still busy after {MaxSteps} steps, at {Now:O}");
        }

        ready.Process.Run(ready.Callback, ready.State);
        return true;
    }

    // All that is due at one instant is ready at once.
    private bool MoveToNextAlarm(DateTimeOffset limit)
    {
        while (_alarms.TryPeek(out var next, out (long Ticks, long Order) due))
        {
            if (next.Version != next.Alarm.Version || !next.Alarm.Process.IsAlive)
            {
                Drop(next.Alarm, next.Version);
                continue;
            }

            if (due.Ticks > limit.Ticks)
            {
                return false;
            }

            Now = new(Math.Max(due.Ticks, Now.Ticks), TimeSpan.Zero);
            while (_alarms.TryPeek(out next, out due) && due.Ticks <= Now.Ticks)
            {
                Drop(next.Alarm, next.Version, fire: true);
            }

            if (_ready.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Drop(Alarm alarm, long version, bool fire = false)
    {
        _alarms.Dequeue();
        if (version != alarm.Version)
        {
            return;
        }

        Disarm(alarm);
        if (fire)
        {
            Post(alarm.Process, alarm.Callback, alarm.State);
        }
    }

    /// <summary>Something that can happen now.</summary>
    internal readonly record struct Ready(SimProcess Process, SendOrPostCallback Callback, object? State);
}

/// <summary>A timer of a process.</summary>
internal sealed class Alarm(SimProcess process, SendOrPostCallback callback, object? state)
{
    public SimProcess Process => process;

    public SendOrPostCallback Callback => callback;

    public object? State => state;

    /// <summary>Grows with each change: what was planned before is void.</summary>
    public long Version { get; set; }

    public bool IsArmed { get; set; }
}
