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

/// <summary>A decision of policy that changed something, as it is kept for people.</summary>
/// <param name="Reason">See <see cref="PolicyDecision"/>.</param>
public sealed record PushDecision(PushId Push, Timestamp At, PolicyVerdict Verdict, string Reason);
