using System.Runtime.ExceptionServices;

namespace StreamSegmenter.Conformance.Time;

/// <summary>
/// Runs asynchronous code on the calling thread and on virtual time, so that a test with timers and concurrency takes
/// the same course at every run: continuations queue up in order, and time stands still while any is left. The code
/// under test must not leave the captured context (no Task.Run, no ConfigureAwait(false), no real I/O).
/// </summary>
public sealed class VirtualLoop : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();

    public VirtualLoop() => Scheduler = InContext(TaskScheduler.FromCurrentSynchronizationContext);

    public FakeTimeProvider Time { get; } = new();

    /// <summary>Runs tasks as this loop's continuations.</summary>
    public TaskScheduler Scheduler { get; }

    public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Everything here runs on one thread; post it.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts something, and runs until nothing can go on without time passing.</summary>
    public Task Start(Func<Task> work)
    {
        Task started = InContext(work);
        Settle();
        return started;
    }

    /// <summary>Runs everything that can run without time passing.</summary>
    public void Settle() =>
        InContext(() =>
        {
            while (_queue.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }

            return true;
        });

    /// <summary>Lets time pass, timer by timer, running after each what it set off.</summary>
    public void Advance(TimeSpan step)
    {
        DateTimeOffset target = Time.GetUtcNow() + step;
        Settle();
        while (InContext(() => Time.FireNext(target)))
        {
            Settle();
        }

        Time.AdvanceTo(target);
    }

    /// <summary>
    /// Lets time pass until the task has ended; fails when it has not after <paramref name="atMost"/>.
    /// </summary>
    public void Complete(Task task, TimeSpan atMost)
    {
        DateTimeOffset latest = Time.GetUtcNow() + atMost;
        Settle();
        while (!task.IsCompleted && InContext(() => Time.FireNext(latest)))
        {
            Settle();
        }

        if (!task.IsCompleted)
        {
            throw new TimeoutException($"Not finished after {atMost} of virtual time; next timer: {Time.NextDue:O}.");
        }

        if (task.Exception is { } error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private T InContext<T>(Func<T> action)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            return action();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
