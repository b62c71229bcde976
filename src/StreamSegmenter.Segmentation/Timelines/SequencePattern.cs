namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>An event that must not come, after a step of a sequence and before the next.</summary>
/// <param name="Steps">Its bit among the steps that an event fits.</param>
/// <param name="Within">For how many milliseconds after the step; null until the next step.</param>
internal readonly record struct ForbiddenStep(uint Steps, long? Within);

/// <summary>An event that must come.</summary>
/// <param name="Steps">Its bit among the steps that an event fits.</param>
/// <param name="Within">How many milliseconds after the step before it at most; null for any time.</param>
/// <param name="Forbidden">What must not come after it, before the next step or the end.</param>
internal sealed record RequiredStep(uint Steps, long? Within, ForbiddenStep[] Forbidden)
{
    /// <summary>
    /// A forbidden event that comes soon after a newer way to this step spoils that one, and no longer an older one.
    /// </summary>
    public bool OlderMayOutlive { get; } = Forbidden.Any(static forbidden => forbidden.Within is not null);
}

/// <summary>A sequence, laid out for matching. All times in milliseconds.</summary>
/// <param name="Total">From the first step to the completion at most.</param>
/// <param name="Wait">How long after the last required event it completes, if nothing forbidden comes; 0: at
/// once.</param>
internal sealed record SequencePattern(IReadOnlyList<RequiredStep> Steps, long? Total, long Wait)
{
    public const int MaxSteps = 32;

    /// <summary>The longest time from the first step to the completion; null without limit.</summary>
    public long? Reach => Total ?? Steps.Skip(1).Aggregate((long?)Wait, static (sum, step) => sum + step.Within);
}
