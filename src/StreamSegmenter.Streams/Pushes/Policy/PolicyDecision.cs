using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>What is to become of one waiting push.</summary>
/// <param name="Reason">For people, beginning with a stable code: <c>no-consent: email, purpose marketing</c>.</param>
public abstract record PolicyDecision(PushId Push, string Reason)
{
    /// <summary>It may be attempted now.</summary>
    /// <param name="Purpose">What it is sent for, e.g. <c>marketing</c>; to be kept with its grant.</param>
    public sealed record Send(PushId Push, string Purpose, string Reason) : PolicyDecision(Push, Reason);

    /// <summary>Not now; it is asked about again at <paramref name="Until"/>, which is later than now.</summary>
    public sealed record Wait(PushId Push, Timestamp Until, string Reason) : PolicyDecision(Push, Reason);

    /// <summary>Never: it ends here, unsent.</summary>
    public sealed record Drop(PushId Push, string Reason) : PolicyDecision(Push, Reason);

    /// <summary>
    /// It goes out as part of <paramref name="Into"/>, which is decided on as <see cref="Send"/> in the same answer and
    /// goes to the same connector, and ends here. Neither of them was let out before; if one was, nothing is merged.
    /// </summary>
    public sealed record Merge(PushId Push, PushId Into, string Reason) : PolicyDecision(Push, Reason);
}
