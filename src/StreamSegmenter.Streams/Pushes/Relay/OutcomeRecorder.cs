namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// What became of pushes, on its way to stable storage: one write at a time, of all that gathered while the one before
/// it ran. Used by one loop, which goes on beside the write and is woken at its end.
/// </summary>
internal sealed class OutcomeRecorder(GuardedOutbox outbox, SteadyClock clock, Wakeup wakeup)
{
    private readonly List<(Turn Turn, OutboxUpdate Update)> _gathered = [];
    private readonly List<(Turn Turn, OutboxUpdate Update)> _written = [];
    private Task<bool>? _write;

    /// <summary>Outcomes that are not known to be recorded.</summary>
    public int Count => _gathered.Count + _written.Count;

    /// <summary>Whether a write should begin.</summary>
    public bool Waits => _write is null && _gathered.Count > 0;

    /// <summary>The last write failed; what it held waits for the next.</summary>
    public bool Failed { get; private set; }

    public void Add(Turn turn, OutboxUpdate update) => _gathered.Add((turn, update));

    /// <summary>Begins a write of all that gathered, unless one is under way or the outbox is given a rest.</summary>
    public void Begin(CancellationToken stop)
    {
        if (Waits && clock.Now >= outbox.PausedUntil)
        {
            _written.AddRange(_gathered);
            _gathered.Clear();
            _write = outbox.TryUpdateAsync([.. _written.Select(static item => item.Update)], stop).AsTask();
            _ = WakeAfterAsync(_write);
        }
    }

    /// <summary>Hands over what the write recorded that has ended, if one has.</summary>
    public async ValueTask<IReadOnlyList<(Turn Turn, OutboxUpdate Update)>> TakeAsync()
    {
        if (_write is not { IsCompleted: true })
        {
            return [];
        }

        Failed = !await _write;
        _write = null;
        (Turn, OutboxUpdate)[] recorded = [.. _written];
        _written.Clear();
        if (!Failed)
        {
            return recorded;
        }

        _gathered.InsertRange(0, recorded);
        return [];
    }

    private async Task WakeAfterAsync(Task write)
    {
        await write;
        wakeup.Set();
    }
}
