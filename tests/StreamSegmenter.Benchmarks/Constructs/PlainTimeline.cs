namespace StreamSegmenter.Benchmarks.Constructs;

/// <summary>
/// What somebody would write at first: a list of the events in the window, looked through at every event.
/// </summary>
internal sealed class PlainTimeline
{
    public const long Window = 7 * 24 * 3_600_000L;

    private readonly List<PlainEvent> _events = [];
    private long? _trueSince;

    public IReadOnlyList<PlainEvent> Events => _events;

    public long Now => _events[^1].Time;

    public void Add(PlainEvent @event, bool forgets)
    {
        _events.Add(@event);
        if (forgets)
        {
            _events.RemoveAll(old => old.Time <= @event.Time - Window);
        }
    }

    /// <summary>Whether the condition, told at every event, has been true for so long.</summary>
    public bool HasHeld(bool condition, long milliseconds)
    {
        _trueSince = condition ? _trueSince ?? Now : null;
        return Now - _trueSince >= milliseconds;
    }

    /// <summary>Whether, inside the window, an event with the second key came after one with the first.</summary>
    public bool Follows(string first, string second)
    {
        int last = _events.FindLastIndex(e => e.Key == second);
        int start = _events.FindIndex(e => e.Key == first);
        return start >= 0 && start < last && _events[last].Time > Now - Window;
    }
}

internal readonly record struct PlainEvent(long Time, decimal Number, string Key);
