using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>A waiting push with what the policy reads from its content; what is missing there is null or 0.</summary>
internal sealed record PolicyPush(PendingPush Pending, ConnectorPolicy Connector, PurposeTerms Purpose, PushRules Rules)
{
    public PushId Id => Pending.Push.Id;

    public ConnectorName ConnectorName => Pending.Push.Connector;

    public string Channel => Connector.Channel;

    public SegmentName? Segment => Parts[0].Segment;

    public TransitionKind Kind => Parts[0].Kind;

    /// <summary>Of the transition.</summary>
    public long Number => Parts[0].Number;

    /// <summary>What it tells of: one transition; of a digest, those of all that it carries, its own first.</summary>
    public IReadOnlyList<PushPart> Parts { get; init; } = [new(null, TransitionKind.Entered, 0, Pending.MadeAt)];

    /// <summary>Where it goes.</summary>
    public Suppression? Address { get; init; }

    /// <summary>What the customer's profile calls its time zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>
    /// What a digest must agree in beside its rules: pushes that would look or go differently stay
    /// apart.
    /// </summary>
    public (string? Template, string? Place) Form { get; init; }

    /// <summary>
    /// When it ends if it is not out. A digest lives as long as the last of what it carries, which has no other way.
    /// </summary>
    public Timestamp ExpiresAt =>
        Rules.Expires > TimeSpan.Zero
            ? Parts.Max(static part => part.At).Plus((long)Rules.Expires.TotalMilliseconds)
            : Timestamp.Never;
}

/// <summary>A transition that a push tells of; what its content does not say is null or 0.</summary>
/// <param name="At">When it was.</param>
internal readonly record struct PushPart(SegmentName? Segment, TransitionKind Kind, long Number, Timestamp At);
