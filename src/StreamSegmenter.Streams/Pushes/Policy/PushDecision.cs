using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>What policy decided on a push; stored as this number.</summary>
public enum PolicyVerdict
{
    Send = 1,
    Wait = 2,
    Drop = 3,
    Merge = 4,
}

/// <summary>The words for <see cref="PolicyVerdict"/> in answers and metrics.</summary>
public static class PolicyVerdicts
{
    public static string Word(this PolicyVerdict verdict) =>
        verdict switch
        {
            PolicyVerdict.Send => "send",
            PolicyVerdict.Wait => "wait",
            PolicyVerdict.Drop => "drop",
            PolicyVerdict.Merge => "merge",
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "not a verdict"),
        };
}

/// <summary>A decision of policy that changed something, as it is kept for people.</summary>
/// <param name="Reason">See <see cref="PolicyDecision"/>.</param>
public sealed record PushDecision(PushId Push, Timestamp At, PolicyVerdict Verdict, string Reason);
