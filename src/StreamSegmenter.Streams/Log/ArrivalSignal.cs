namespace StreamSegmenter.Streams.Log;

/// <summary>Wakes whoever waits for records. Costs next to nothing while nobody waits. Thread-safe.</summary>
internal sealed class ArrivalSignal
{
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _waiting = [];

    public void Pulse()
    {
        lock (_gate)
        {
            foreach (TaskCompletionSource waiter in _waiting)
            {
                waiter.TrySetResult();
            }

            _waiting.Clear();
        }
    }

    /// <summary>
    /// Waits for the next <see cref="Pulse"/>, at most <paramref name="wait"/>; not at all when
    /// <paramref name="hasArrived"/>, which is asked once a pulse cannot be missed any more.
    /// </summary>
    public async ValueTask WaitAsync(
        Func<bool> hasArrived,
        TimeSpan wait,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add(waiter);
        }

        try
        {
            if (!hasArrived())
            {
                using ITimer timer = time.CreateTimer(Wake, waiter, wait, Timeout.InfiniteTimeSpan);
                using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(Wake, waiter);
                await waiter.Task;
            }
        }
        finally
        {
            lock (_gate)
            {
                _waiting.Remove(waiter);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static void Wake(object? waiter) => ((TaskCompletionSource)waiter!).TrySetResult();
}
