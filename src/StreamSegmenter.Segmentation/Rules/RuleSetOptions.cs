using NodaTime;

namespace StreamSegmenter.Segmentation.Rules;

/// <summary>What rules mean beyond their text.</summary>
/// <param name="TimeZone">Where calendar days, weeks, months and years begin.</param>
/// <param name="DedupeHorizon">For at least this long a second event with the same messageId is recognised.</param>
public sealed record RuleSetOptions(DateTimeZone TimeZone, TimeSpan DedupeHorizon)
{
    /// <summary>UTC and 7 days.</summary>
    public static RuleSetOptions Default { get; } = new(DateTimeZone.Utc, TimeSpan.FromDays(7));
}
