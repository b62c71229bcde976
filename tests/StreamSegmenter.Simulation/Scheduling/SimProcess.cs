namespace StreamSegmenter.Simulation.Scheduling;

/// <summary>
/// A process: all its continuations and timers run in it, and none does once it is dead. While it is paused they wait,
/// as after SIGSTOP.
/// </summary>
internal sealed class SimProcess : SynchronizationContext
{
    private readonly SimScheduler _scheduler;
    private long? _stepsToLive;

    public SimProcess(SimScheduler scheduler, string name, TimeSpan skew = default)
    {
        (_scheduler, Name) = (scheduler, name);
        Clock = new(scheduler, this) { Skew = skew };
        TaskScheduler? tasks = null;
        InContext(() => tasks = TaskScheduler.FromCurrentSynchronizationContext());
        Tasks = tasks!;
    }

    public string Name { get; }

    public SimClock Clock { get; }

    /// <summary>Runs tasks as this process's continuations.</summary>
    public TaskScheduler Tasks { get; }

    public bool IsAlive { get; private set; } = true;

    public bool IsPaused { get; private set; }

    /// <summary>Something of this process ran on another thread: the run is not reproducible.</summary>
    public bool Escaped { get; set; }

    /// <summary>Called once, when the process dies at a step that <see cref="DieIn"/> chose.</summary>
    public Action? Died { get; set; }

    /// <summary>What waits for the end of a pause.</summary>
    public List<SimScheduler.Ready> Held { get; } = [];

    public bool IsCurrent => ReferenceEquals(Current, this);

    public void Kill()
    {
        IsAlive = false;
        Held.Clear();
    }

    /// <summary>Dies after so many more steps of its own.</summary>
    public void DieIn(long steps) => _stepsToLive = steps;

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        _scheduler.Release(this);
    }

    public override void Post(SendOrPostCallback d, object? state) => _scheduler.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Everything here runs on one thread; post it.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts something in the process.</summary>
    public void Start(Action action) => _scheduler.Post(this, static action => ((Action)action!)(), action);

    public void Run(SendOrPostCallback callback, object? state)
    {
        if (!IsAlive)
        {
            return;
        }

        if (_stepsToLive-- == 0)
        {
            Kill();
            Died?.Invoke();
            return;
        }

        InContext(() => callback(state));
    }

    private void InContext(Action action)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
