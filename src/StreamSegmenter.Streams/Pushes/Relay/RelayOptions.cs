using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>How one connector's pushes are delivered. Checked as a whole by <see cref="Validate"/>.</summary>
public sealed record RelayOptions
{
    /// <summary>Attempts at once, each for another customer.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>An attempt without an answer after this long counts as <see cref="DeliveryOutcome.Unknown"/>.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait after the first failure of a push; doubles with each further one.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait after any failure of a push that brought no Retry-After.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A longer Retry-After is cut down to this.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// A push that failed this often is given up. The default outlasts <see cref="GiveUpAfter"/>, so that an outage
    /// costs no push its life before its age does.
    /// </summary>
    public int MaxAttempts { get; init; } = 1000;

    /// <summary>A failed push whose next attempt would come later than this after it was made is given up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>
    /// Failures in a row, of whichever customers, after which the connector counts as down. What concerns one push
    /// alone is none.
    /// </summary>
    public int DownAfter { get; init; } = 10;

    /// <summary>Longest time between two trials of a connector that is down or misconfigured.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Pushes read from the outbox at once; read again when fewer than <see cref="Concurrency"/> are ready.
    /// </summary>
    public int LookAhead { get; init; } = 1000;

    /// <summary>
    /// Pushes known but not ready (postponed, or behind another of their customer) that may be remembered, at about 200
    /// bytes each. With more than that nothing further is read until some are finished.
    /// </summary>
    public int MaxHeld { get; init; } = 100_000;

    /// <summary>How long a stopping relay lets running attempts finish before it cancels them.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a shard that goes to another node waits for its running attempts. One that takes longer goes on, and
    /// the other node may repeat it.
    /// </summary>
    public TimeSpan HandOverTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many attempts may start; by default as many as the concurrency lets.</summary>
    public RateOptions Rate { get; init; } = new();

    /// <summary>What is done about a push that may have been taken or not.</summary>
    public WhenUnknown WhenUnknown { get; init; } = WhenUnknown.PreferDuplicate;

    /// <summary>
    /// How long the other side knows an idempotency key: so long a push may be sent again without harm. Counted from
    /// the beginning of the first attempt of unknown outcome, since before it nothing was taken. Null: what the
    /// connector's type promises; without a type, not at all.
    /// </summary>
    public TimeSpan? KeyLifetime { get; init; }

    /// <summary>What is wrong, naming the key and the cure; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        Check(Concurrency >= 1, $"concurrency = {Concurrency}: give 1 or more");
        Check(AttemptTimeout > TimeSpan.Zero, $"attempt-timeout = {AttemptTimeout.ToText()}: give a duration above 0");
        Check(BackoffMin > TimeSpan.Zero, $"backoff-min = {BackoffMin.ToText()}: give a duration above 0");
        Check(
            BackoffMax >= BackoffMin,
            $"backoff-max = {BackoffMax.ToText()}: give at least backoff-min = {BackoffMin.ToText()}"
        );
        Check(RetryAfterMax > TimeSpan.Zero, $"retry-after-max = {RetryAfterMax.ToText()}: give a duration above 0");
        Check(MaxAttempts >= 1, $"max-attempts = {MaxAttempts}: give 1 or more");
        Check(GiveUpAfter > TimeSpan.Zero, $"give-up-after = {GiveUpAfter.ToText()}: give a duration above 0");
        Check(DownAfter >= 1, $"down-after = {DownAfter}: give 1 or more");
        Check(
            ProbeInterval >= BackoffMin,
            $"probe-interval = {ProbeInterval.ToText()}: give at least backoff-min = {BackoffMin.ToText()}"
        );
        Check(LookAhead >= Concurrency, $"look-ahead = {LookAhead}: give at least concurrency = {Concurrency}");
        Check(MaxHeld >= LookAhead, $"max-held = {MaxHeld}: give at least look-ahead = {LookAhead}");
        Check(StopTimeout >= TimeSpan.Zero, $"stop-timeout = {StopTimeout.ToText()}: give a duration of 0 or more");
        Check(
            HandOverTimeout >= TimeSpan.Zero,
            $"hand-over-timeout = {HandOverTimeout.ToText()}: give a duration of 0 or more"
        );
        Check(Rate.Permits >= 0, $"rate.permits = {Rate.Permits}: give 0 or more");
        Check(Rate.Per > TimeSpan.Zero, $"rate.per = {Rate.Per.ToText()}: give a duration above 0");
        Check(Rate.Burst is null or >= 1, $"rate.burst = {Rate.Burst}: give 1 or more, or null");
        Check(Enum.IsDefined(WhenUnknown), $"when-unknown = {WhenUnknown}: give prefer-duplicate, prefer-loss or hold");
        Check(
            KeyLifetime is null || KeyLifetime >= TimeSpan.Zero,
            $"key-lifetime = {KeyLifetime?.ToText()}: give 0 or more"
        );
        return errors;

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
