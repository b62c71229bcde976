using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Pushes;

/// <summary>
/// A client of one outside system. <see cref="SendAsync"/> is called by several workers at once, never twice at once
/// for one customer. It may be called again with the same push after any outcome but
/// <see cref="DeliveryOutcome.Delivered"/> and after a crash, and must then use the same idempotency key
/// (<see cref="Push.Id"/>) and the same body.
/// </summary>
public interface IConnector
{
    /// <summary>
    /// Tries once. Failures of the other side are results, not exceptions; an exception is treated as
    /// <see cref="DeliveryOutcome.Unknown"/>. Cancellation means: the time for this attempt is over.
    /// </summary>
    ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken);
}

/// <summary>How an attempt ended.</summary>
public enum DeliveryOutcome
{
    /// <summary>The other side has it.</summary>
    Delivered = 1,

    /// <summary>It was not taken, and may be later.</summary>
    Retry = 2,

    /// <summary>It will never be taken: give up at once.</summary>
    Rejected = 3,

    /// <summary>Nobody knows whether it was taken; it is sent again with the same idempotency key.</summary>
    Unknown = 4,

    /// <summary>The connector's settings are at fault, not the push: retried slowly, reported loudly.</summary>
    Misconfigured = 5,
}

/// <summary>What the end of an attempt tells about the other pushes of its connector.</summary>
public enum DeliveryScope
{
    /// <summary>
    /// It may meet every push: nobody listens, the login is refused, the server is broken or asks everybody to wait.
    /// </summary>
    Connector = 1,

    /// <summary>The other side answered about this push alone: its recipient, content or channel.</summary>
    Push = 2,

    /// <summary>The other side was not asked, so nothing is known about it.</summary>
    Unasked = 3,
}

/// <summary>The end of one attempt, with what the other side said.</summary>
/// <param name="Detail">For people: status and the beginning of the answer, without secrets.</param>
/// <param name="RetryAfter">How long the other side asked to wait.</param>
public sealed record DeliveryResult(DeliveryOutcome Outcome, string Detail, TimeSpan? RetryAfter = null)
{
    /// <summary>
    /// With <see cref="DeliveryOutcome.Rejected"/>: the address that nothing can be delivered to, now or later,
    /// whatever is sent.
    /// </summary>
    public Suppression? AtFault { get; init; }

    /// <summary>
    /// By default <see cref="DeliveryScope.Push"/> with <see cref="DeliveryOutcome.Rejected"/>, else
    /// <see cref="DeliveryScope.Connector"/>. Not looked at with <see cref="DeliveryOutcome.Delivered"/>.
    /// </summary>
    public DeliveryScope Scope { get; init; } =
        Outcome == DeliveryOutcome.Rejected ? DeliveryScope.Push : DeliveryScope.Connector;

    public static readonly DeliveryResult Delivered = new(DeliveryOutcome.Delivered, "");

    /// <summary>The connector as a whole failed: its other pushes would too.</summary>
    public static DeliveryResult Retry(string detail, TimeSpan? after = null) =>
        new(DeliveryOutcome.Retry, detail, after);

    /// <summary>The other side answered, and does not take this push now; others it may.</summary>
    public static DeliveryResult Deferred(string detail, TimeSpan? after = null) =>
        Retry(detail, after) with
        {
            Scope = DeliveryScope.Push,
        };

    /// <summary>Not now, and the other side was not asked.</summary>
    public static DeliveryResult NotSent(string detail, TimeSpan? after = null) =>
        Retry(detail, after) with
        {
            Scope = DeliveryScope.Unasked,
        };

    /// <summary>The other side refused this push for good.</summary>
    public static DeliveryResult Rejected(string detail) => new(DeliveryOutcome.Rejected, detail);

    /// <summary>Nothing can be sent of this push, ever, so the other side was not asked.</summary>
    public static DeliveryResult Unsendable(string detail) => Rejected(detail) with { Scope = DeliveryScope.Unasked };

    public static DeliveryResult AddressAtFault(Suppression address, string detail) =>
        Rejected(detail) with
        {
            AtFault = address,
        };

    public static DeliveryResult Unknown(string detail) => new(DeliveryOutcome.Unknown, detail);

    public static DeliveryResult Misconfigured(string detail) => new(DeliveryOutcome.Misconfigured, detail);
}
