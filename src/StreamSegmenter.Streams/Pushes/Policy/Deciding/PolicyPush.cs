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

    public SegmentName? Segment { get; init; }

    public TransitionKind Kind { get; init; }

    /// <summary>Of the transition.</summary>
    public long Number { get; init; }

    /// <summary>Where it goes.</summary>
    public Suppression? Address { get; init; }

    /// <summary>What the customer's profile calls its time zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>
    /// What a digest must agree in beside its rules: pushes that would look or go differently stay
    /// apart.
    /// </summary>
    public (string? Template, string? Place) Form { get; init; }

    /// <summary>How many pushes it is: more than 1 if others were merged into it.</summary>
    public int Count { get; init; } = 1;

    /// <summary>When it ends if it is not out.</summary>
    public Timestamp ExpiresAt =>
        Rules.Expires > TimeSpan.Zero ? Pending.MadeAt.Plus((long)Rules.Expires.TotalMilliseconds) : Timestamp.Never;
}
