using System.Globalization;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Decides what an attempt's result means for its push. Randomness comes from outside, the clock as a value.
/// </summary>
internal sealed class RetryPolicy(RelayOptions options, Random random)
{
    private readonly Backoff _backoff = new(options.BackoffMin, options.BackoffMax);

    public OutboxUpdate Decide(PendingPush pending, DeliveryResult result, Timestamp now)
    {
        Push push = pending.Push;
        int attempts = push.Attempts + 1;
        switch (result.Outcome)
        {
            case DeliveryOutcome.Delivered:
                return new OutboxUpdate.Delivered(push.Id, now);
            case DeliveryOutcome.Rejected:
                return new OutboxUpdate.Dead(push.Id, attempts, now, "rejected: " + result.Detail);
            case DeliveryOutcome.Misconfigured:
                // The other side never judged the push, so the attempt does not count against it; only its age does.
                return PostponeOrBury(pending, push.Attempts, options.ProbeInterval, result, now);
            default:
                return attempts >= options.MaxAttempts
                    ? new OutboxUpdate.Dead(push.Id, attempts, now, GivenUp(Count(attempts), result))
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

    private OutboxUpdate PostponeOrBury(
        PendingPush pending,
        int attempts,
        TimeSpan wait,
        DeliveryResult result,
        Timestamp now
    )
    {
        Timestamp notBefore = now.Plus((long)Math.Ceiling(wait.TotalMilliseconds));
        bool tooOld = notBefore > pending.MadeAt.Plus((long)options.GiveUpAfter.TotalMilliseconds);
        return tooOld
            ? new OutboxUpdate.Dead(
                pending.Push.Id,
                attempts,
                now,
                GivenUp($"the end of its life of {options.GiveUpAfter}", result)
            )
            : new OutboxUpdate.Postponed(pending.Push.Id, attempts, notBefore, Reason(result));
    }

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
