using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>What an attempt's result means for its push, above all when nobody knows what became of it.</summary>
public sealed class RetryPolicyTests
{
    private static readonly Timestamp Made = new(1_580_472_000_000);

    // The last attempt ended "now" minutes after the push was made. The key lives for an hour and an attempt may take a
    // minute, so one that begins later than 59 minutes after the first unknown attempt is not safe. "-": the outcome of
    // every attempt before is known.
    [Theory]
    // The first unknown outcome: safe to repeat.
    [InlineData(WhenUnknown.PreferDuplicate, DeliveryOutcome.Unknown, "-", 0, "Postponed", 0)]
    [InlineData(WhenUnknown.PreferLoss, DeliveryOutcome.Unknown, "-", 0, "Postponed", 0)]
    [InlineData(WhenUnknown.Hold, DeliveryOutcome.Unknown, "-", 0, "Postponed", 0)]
    // A later one, while the key lives.
    [InlineData(WhenUnknown.PreferLoss, DeliveryOutcome.Unknown, "0", 58, "Postponed", 0)]
    [InlineData(WhenUnknown.Hold, DeliveryOutcome.Unknown, "0", 58, "Postponed", 0)]
    // The key is forgotten, or may be before the next attempt ends.
    [InlineData(WhenUnknown.PreferDuplicate, DeliveryOutcome.Unknown, "0", 60, "Postponed", 0)]
    [InlineData(WhenUnknown.PreferLoss, DeliveryOutcome.Unknown, "0", 60, "Unknown", 0)]
    [InlineData(WhenUnknown.Hold, DeliveryOutcome.Unknown, "0", 60, "Held", 0)]
    // The other side did not take it this time, but may have before.
    [InlineData(WhenUnknown.PreferLoss, DeliveryOutcome.Retry, "0", 30, "Postponed", 0)]
    [InlineData(WhenUnknown.PreferLoss, DeliveryOutcome.Retry, "0", 60, "Unknown", 0)]
    [InlineData(WhenUnknown.Hold, DeliveryOutcome.Misconfigured, "0", 60, "Held", 0)]
    [InlineData(WhenUnknown.PreferDuplicate, DeliveryOutcome.Retry, "0", 60, "Postponed", 0)]
    // Every outcome is known: nothing is doubtful, however old.
    [InlineData(WhenUnknown.PreferLoss, DeliveryOutcome.Retry, "-", 600, "Postponed", -1)]
    [InlineData(WhenUnknown.Hold, DeliveryOutcome.Misconfigured, "-", 600, "Postponed", -1)]
    // What the other side says for certain ends it.
    [InlineData(WhenUnknown.Hold, DeliveryOutcome.Delivered, "0", 70, "Delivered", 0)]
    [InlineData(WhenUnknown.Hold, DeliveryOutcome.Rejected, "0", 10, "Dead", 0)]
    [InlineData(WhenUnknown.PreferLoss, DeliveryOutcome.Rejected, "-", 10, "Dead", -1)]
    // Given up by age: dead, but doubtful for those who want to know.
    [InlineData(WhenUnknown.PreferDuplicate, DeliveryOutcome.Unknown, "0", 6000, "Dead", 0)]
    [InlineData(WhenUnknown.PreferLoss, DeliveryOutcome.Retry, "-", 6000, "Dead", -1)]
    [InlineData(WhenUnknown.Hold, DeliveryOutcome.Retry, "0", 6000, "Held", 0)]
    public void What_follows_an_attempt(
        WhenUnknown whenUnknown,
        DeliveryOutcome outcome,
        string unknownSince,
        int now,
        string end,
        int unknownAfter
    )
    {
        RetryPolicy policy = Policy(whenUnknown);
        Timestamp at = Minutes(now);
        PendingPush pending = Pending(unknownSince == "-" ? null : Minutes(0));

        OutboxUpdate update = policy.Decide(pending, new(outcome, "why"), at, at);

        update.GetType().Name.ShouldBe(end);
        Timestamp? doubtful = update.ShouldBeAssignableTo<OutboxUpdate.AfterAttempt>()!.UnknownAt;
        (unknownAfter < 0).ShouldBe(doubtful is null);
        if (unknownSince != "-")
        {
            doubtful.ShouldBe(Minutes(0), "the first unknown instant stays");
        }
    }

    [Theory]
    [InlineData(null, "Dead")]
    [InlineData(5_900, "Postponed")]
    public void The_age_at_which_a_push_is_given_up_counts_from_when_policy_let_it_out(int? granted, string end)
    {
        PendingPush pending = Pending(null) with { GrantedAt = granted is { } at ? Minutes(at) : null };

        OutboxUpdate update = Policy(WhenUnknown.PreferDuplicate)
            .Decide(pending, DeliveryResult.Retry("451"), Minutes(6_000), Minutes(6_000));

        update.GetType().Name.ShouldBe(end);
    }

    [Theory]
    [InlineData(WhenUnknown.PreferDuplicate, 100_000, null)]
    [InlineData(WhenUnknown.PreferLoss, 59, null)]
    [InlineData(WhenUnknown.PreferLoss, 60, "Unknown")]
    [InlineData(WhenUnknown.Hold, 59, null)]
    [InlineData(WhenUnknown.Hold, 60, "Held")]
    public void What_waited_until_its_key_was_forgotten_is_not_attempted(WhenUnknown when, int now, string? end)
    {
        Policy(when).Refuse(Pending(Minutes(0)), Minutes(now))?.GetType().Name.ShouldBe(end);
        (Policy(when).Refuse(Pending(Minutes(0)), Minutes(now)) is null).ShouldBe(end is null);
        Policy(when).Refuse(Pending(unknownAt: null), Minutes(now)).ShouldBeNull("nothing of it is unknown");
    }

    [Fact]
    public void Without_a_key_a_doubtful_push_is_never_repeated_by_who_does_not_want_duplicates()
    {
        RetryPolicy policy = Policy(WhenUnknown.PreferLoss, keyLifetime: TimeSpan.Zero);
        policy
            .Decide(Pending(unknownAt: null), DeliveryResult.Unknown("reset"), Made, Made)
            .ShouldBeOfType<OutboxUpdate.Unknown>();
    }

    [Fact]
    public void No_sequence_of_outcomes_repeats_a_doubtful_push_after_its_key_is_forgotten() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll<int>(NeverRepeats));

    private static void NeverRepeats(int seed)
    {
        Random random = new(seed);
        WhenUnknown when = random.Next(2) == 0 ? WhenUnknown.PreferLoss : WhenUnknown.Hold;
        RetryPolicy policy = Policy(when, random: random);
        PendingPush pending = Pending(unknownAt: null);
        Timestamp now = Made;
        Timestamp? firstUnknown = null;
        for (int attempt = 0; attempt < 50; attempt++)
        {
            if (policy.Refuse(pending, now) is { } refused)
            {
                EndsAs(when, refused);
                return;
            }

            if (firstUnknown is { } since)
            {
                (now.Milliseconds - since.Milliseconds).ShouldBeLessThanOrEqualTo(59 * 60_000);
            }

            Timestamp began = now;
            DeliveryOutcome outcome = random.Next(3) == 0 ? DeliveryOutcome.Unknown : DeliveryOutcome.Retry;
            now = now.Plus(random.Next(60_000));
            firstUnknown ??= outcome == DeliveryOutcome.Unknown ? began : null;
            OutboxUpdate update = policy.Decide(pending, new(outcome, ""), began, now);
            if (update is not OutboxUpdate.Postponed later)
            {
                EndsAs(when, update);
                return;
            }

            pending = pending with { NotBefore = later.NotBefore, UnknownAt = later.UnknownAt };
            pending.UnknownAt.ShouldBe(firstUnknown);
            now = later.NotBefore.Plus(random.Next(1_200_000));
        }
    }

    private static void EndsAs(WhenUnknown when, OutboxUpdate end)
    {
        if (end is not OutboxUpdate.Dead { UnknownAt: null })
        {
            (end is OutboxUpdate.Held).ShouldBe(when == WhenUnknown.Hold);
            (end is OutboxUpdate.Unknown).ShouldBe(when == WhenUnknown.PreferLoss);
        }
    }

    // Retries come at once, so that the table's minutes are those of the decision.
    private static RetryPolicy Policy(WhenUnknown when, TimeSpan? keyLifetime = null, Random? random = null) =>
        new(
            new()
            {
                WhenUnknown = when,
                KeyLifetime = keyLifetime ?? TimeSpan.FromHours(1),
                AttemptTimeout = TimeSpan.FromMinutes(1),
                ProbeInterval = TimeSpan.FromTicks(1),
                BackoffMin = TimeSpan.FromTicks(1),
                BackoffMax = random is null ? TimeSpan.FromTicks(1) : TimeSpan.FromMinutes(20),
            },
            random ?? new Random(1)
        );

    private static Timestamp Minutes(int minutes) => Made.Plus(minutes * 60_000L);

    private static PendingPush Pending(Timestamp? unknownAt)
    {
        Push push = new(new("p"), new("mail"), new("ann"), Attempts: 1, "{}"u8.ToArray());
        return new(new(new(0), 1), push, Made, Made) { UnknownAt = unknownAt };
    }
}
