namespace StreamSegmenter.Connectors.Http;

/// <summary>
/// Until when parts of an outside system asked to be left alone. Thread-safe. What does not fit is forgotten, and asked
/// again.
/// </summary>
internal sealed class Pauses(TimeProvider time)
{
    private const int MaxCount = 1_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _ends = new(StringComparer.Ordinal);

    /// <summary>How long to wait still; null if there is no need to.</summary>
    public TimeSpan? Remaining(string part)
    {
        lock (_gate)
        {
            var wait = _ends.TryGetValue(part, out var end) ? end - time.GetUtcNow() : TimeSpan.Zero;
            return wait > TimeSpan.Zero ? wait : null;
        }
    }

    public void Begin(string part, TimeSpan wait)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_ends.Count >= MaxCount)
            {
                foreach (string over in _ends.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToList())
                {
                    _ends.Remove(over);
                }
            }

            if (_ends.Count < MaxCount)
            {
                _ends[part] = now + wait;
            }
        }
    }
}
