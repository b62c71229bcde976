namespace StreamSegmenter.Oracle;

/// <summary>One segment's name and the text of its rule.</summary>
public sealed record OracleSegment(string Name, string Rule);

/// <summary>What the oracle needs to know of a configuration.</summary>
/// <param name="Segments">In any order; every name once.</param>
public sealed record OracleConfig(IReadOnlyList<OracleSegment> Segments)
{
    /// <summary>The zone of calendar days and periods. Default: UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>How long a messageId is remembered at least. Default: 7 days.</summary>
    public TimeSpan DedupeHorizon { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Evaluates at every millisecond instead of at the instants worked out beforehand. Default: false.
    /// Only for runs that cover some thousands of milliseconds.
    /// </summary>
    public bool Exhaustive { get; init; }
}
