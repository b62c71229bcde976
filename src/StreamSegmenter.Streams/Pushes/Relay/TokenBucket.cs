using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Lets through so many per time, and so many at once after a pause. Kept as the one instant at which the bucket would
/// be full (the generic cell rate algorithm), so that nothing is rounded up in the long run. Not thread-safe.
/// </summary>
internal sealed class TokenBucket(RateOptions options)
{
    // Of one token, in ticks; rounded up, so that the rate is never exceeded.
    private readonly long _interval =
        options.Permits == 0 ? 0 : (options.Per.Ticks + options.Permits - 1) / options.Permits;

    private readonly int _burst = options.Burst ?? options.Permits;
    private long _full = long.MinValue;

    /// <summary>When there is a token; <see cref="Timestamp.Beginning"/> when there always is.</summary>
    public Timestamp NextAt =>
        _interval == 0 || _full == long.MinValue
            ? Timestamp.Beginning
            : new(CeilingToMs(_full - ((_burst - 1) * _interval)));

    /// <summary>Takes a token. There has to be one.</summary>
    public void Take(Timestamp now)
    {
        if (_interval > 0)
        {
            _full = Math.Max(_full, now.Milliseconds * TimeSpan.TicksPerMillisecond) + _interval;
        }
    }

    /// <summary>Gives back a token that was not needed.</summary>
    public void Return()
    {
        if (_interval > 0)
        {
            _full -= _interval;
        }
    }

    private static long CeilingToMs(long ticks) => (long)Math.Ceiling(ticks / (decimal)TimeSpan.TicksPerMillisecond);
}
