namespace StreamSegmenter.Hocon;

/// <summary>
/// A HOCON text that cannot be read or resolved. <see cref="Exception.Message"/> names the place, what is wrong
/// there and, where there is one, the cure. No other exception leaves the reader because of its input.
/// </summary>
public sealed class HoconException : Exception
{
    /// <summary>An error at a place.</summary>
    public HoconException(HoconOrigin origin, string problem, Exception? innerException = null)
        : base($"{origin}: {problem}", innerException)
    {
        Origin = origin;
        Problem = problem;
    }

    /// <summary>Where the error is.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }
}
