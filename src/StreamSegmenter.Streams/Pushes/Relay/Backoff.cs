namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Exponential backoff with full jitter: the wait is drawn evenly from nothing up to a ceiling that doubles with each
/// failure. Drawing from the whole range spreads the retries of many best.
/// </summary>
internal readonly record struct Backoff(TimeSpan Min, TimeSpan Max)
{
    /// <summary>The longest wait after <paramref name="failures"/> failures in a row (1 or more).</summary>
    public TimeSpan Ceiling(int failures)
    {
        // 2^62 ticks are 14,000 years: a larger exponent can only mean Max.
        int exponent = Math.Min(failures - 1, 62);
        return Min.Ticks <= Max.Ticks >> exponent ? new(Min.Ticks << exponent) : Max;
    }

    public TimeSpan Draw(int failures, Random random) => Ceiling(failures) * random.NextDouble();
}
