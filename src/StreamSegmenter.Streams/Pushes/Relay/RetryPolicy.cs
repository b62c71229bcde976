using System.Globalization;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Decides what an attempt's result means for its push. Randomness comes from outside, the clock as a value.
/// </summary>
internal sealed class RetryPolicy(RelayOptions options, Random random)
{
    private readonly Backoff _backoff = new(options.BackoffMin, options.BackoffMax);

    /// <summary>Whether an attempt that a crash cuts off must not be repeated as if it had never been.</summary>
    public bool MarksAttempts => options.WhenUnknown != WhenUnknown.PreferDuplicate;

    /// <summary>
    /// The end of a push that must not be sent again, because it may have been taken before and the other side may have
    /// forgotten its key; null when it may be attempted.
    /// </summary>
    public OutboxUpdate? Refuse(PendingPush pending, Timestamp now) =>
        MayRepeat(pending.UnknownAt, now)
            ? null
            : Lose(pending, pending.Push.Attempts, "it may have been taken, and its key be forgotten", now);

    /// <param name="startedAt">When the attempt began.</param>
    public OutboxUpdate Decide(PendingPush pending, DeliveryResult result, Timestamp startedAt, Timestamp now)
    {
        Push push = pending.Push;
        int attempts = push.Attempts + 1;
        PendingPush known =
            result.Outcome == DeliveryOutcome.Unknown
                ? pending with
                {
                    UnknownAt = pending.UnknownAt ?? startedAt,
                }
                : pending;
        return Decide(known, attempts, result, now) with { UnknownAt = known.UnknownAt };
    }

    private OutboxUpdate.AfterAttempt Decide(PendingPush pending, int attempts, DeliveryResult result, Timestamp now)
    {
        Push push = pending.Push;
        switch (result.Outcome)
        {
            case DeliveryOutcome.Delivered:
                return new OutboxUpdate.Delivered(push.Id, attempts, now);
            case DeliveryOutcome.Rejected:
                return new OutboxUpdate.Dead(push.Id, attempts, now, "rejected: " + result.Detail);
            case DeliveryOutcome.Misconfigured:
                // The other side never judged the push, so the attempt does not count against it; only its age does.
                return PostponeOrBury(pending, push.Attempts, options.ProbeInterval, result, now);
            case DeliveryOutcome.Retry
                when result.Scope == DeliveryScope.Unasked && Asked(result, options) is { } asked:
                // Told to wait before it was sent, it has lost no attempt and waits no longer than that.
                return PostponeOrBury(pending, push.Attempts, asked, result, now);
            default:
                return attempts >= options.MaxAttempts
                    ? Bury(pending, attempts, GivenUp(Count(attempts), result), now)
                    : PostponeOrBury(pending, attempts, Wait(attempts, result), result, now);
        }
    }

    /// <summary>How long the other side asked to wait, within bounds; null when it did not ask.</summary>
    public static TimeSpan? Asked(DeliveryResult result, RelayOptions options) =>
        result.RetryAfter is { } asked && asked > TimeSpan.Zero
            ? (asked < options.RetryAfterMax ? asked : options.RetryAfterMax)
            : null;

    private TimeSpan Wait(int attempts, DeliveryResult result)
    {
        TimeSpan drawn = _backoff.Draw(attempts, random);
        return Asked(result, options) is { } asked && asked > drawn ? asked : drawn;
    }

    private OutboxUpdate.AfterAttempt PostponeOrBury(
        PendingPush pending,
        int attempts,
        TimeSpan wait,
        DeliveryResult result,
        Timestamp now
    )
    {
        Timestamp notBefore = now.Plus((long)Math.Ceiling(wait.TotalMilliseconds));
        bool tooOld =
            notBefore > (pending.GrantedAt ?? pending.MadeAt).Plus((long)options.GiveUpAfter.TotalMilliseconds);
        if (tooOld)
        {
            return Bury(
                pending,
                attempts,
                GivenUp($"the end of its life of {options.GiveUpAfter.ToText()}", result),
                now
            );
        }

        return MayRepeat(pending.UnknownAt, notBefore)
            ? new OutboxUpdate.Postponed(pending.Push.Id, attempts, notBefore, Reason(result))
            : Lose(pending, attempts, Reason(result), now);
    }

    // Whoever chose to know of doubtful pushes is told of them, whatever their last attempt was.
    private OutboxUpdate.AfterAttempt Bury(PendingPush pending, int attempts, string reason, Timestamp now) =>
        pending.UnknownAt is null || options.WhenUnknown == WhenUnknown.PreferDuplicate
            ? new OutboxUpdate.Dead(pending.Push.Id, attempts, now, reason)
            : Lose(pending, attempts, reason, now);

    private OutboxUpdate.AfterAttempt Lose(PendingPush pending, int attempts, string reason, Timestamp now) =>
        options.WhenUnknown == WhenUnknown.Hold
            ? new OutboxUpdate.Held(pending.Push.Id, attempts, now, reason) { UnknownAt = pending.UnknownAt }
            : new OutboxUpdate.Unknown(pending.Push.Id, attempts, now, reason) { UnknownAt = pending.UnknownAt };

    // The attempt has to arrive while the key is known: it may take as long as its timeout.
    private bool MayRepeat(Timestamp? unknownAt, Timestamp at) =>
        unknownAt is not { } since
        || options.WhenUnknown == WhenUnknown.PreferDuplicate
        || at.Plus((long)options.AttemptTimeout.TotalMilliseconds)
            <= since.Plus((long)(options.KeyLifetime ?? TimeSpan.Zero).TotalMilliseconds);

    private static string Count(int attempts) =>
        string.Create(CultureInfo.InvariantCulture, $"{attempts} {(attempts == 1 ? "attempt" : "attempts")}");

    private static string GivenUp(string when, DeliveryResult result) =>
        $"given up after {when}; last: {Reason(result)}";

    private static string Reason(DeliveryResult result) =>
        result.Outcome switch
        {
            DeliveryOutcome.Unknown => "outcome unknown: ",
            DeliveryOutcome.Misconfigured => "misconfigured: ",
            _ => "not taken: ",
        } + result.Detail;
}
