using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>
/// Whatever customers do and connectors suffer, what is promised holds. Each promise is stated by counting and
/// comparing what went out, not by how the policy finds it.
/// </summary>
public sealed class PolicyPropertyTests
{
    [Fact]
    public void What_goes_out_keeps_every_promise_and_nothing_waits_for_ever()
    {
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(150),
            Prop.ForAll<int>(seed =>
            {
                var simulation = new PolicySimulation(seed, Observe);
                simulation.Run();
                Judge(simulation);
                foreach (string how in simulation.Ended.Values)
                {
                    string code = how.Split(':')[0];
                    ends[code] = ends.GetValueOrDefault(code) + 1;
                }
            })
        );

        // The simulation would prove little if some of these never happened.
        ends.Keys.ShouldBe(
            ["collapsed", "delivered", "expired", "merged", "over-cap", "recheck", "rejected", "replaced"],
            ignoreOrder: true
        );
        ends.Values.ShouldAllBe(count => count >= 10);
    }

    private static void Observe(PolicySimulation it, IReadOnlyList<PolicyDecision> decisions)
    {
        ThereIsRoom(it, decisions);
        var again = it.Policy.Decide(it.It.Facts, it.It.Pending, it.Now);
        again.SequenceEqual(decisions).ShouldBeTrue("the same facts, the same answer");
        var pending = it.It.Pending.Select(static push => push.Push.Id);
        decisions
            .Select(static decision => decision.Push)
            .SequenceEqual(pending)
            .ShouldBeTrue("one for each, in order");
        foreach (var wait in decisions.OfType<PolicyDecision.Wait>())
        {
            wait.Until.ShouldBeGreaterThan(it.Now);
            IsRight(it, wait);
        }

        foreach (var merge in decisions.OfType<PolicyDecision.Merge>())
        {
            decisions.OfType<PolicyDecision.Send>().Any(send => send.Push == merge.Into).ShouldBeTrue(merge.ToString());
            (IsOut(it, merge.Into) || IsOut(it, merge.Push)).ShouldBeFalse(merge.ToString());
            it.Pushes[merge.Into].To.ShouldBe(it.Pushes[merge.Push].To);
        }

        foreach (var drop in decisions.OfType<PolicyDecision.Drop>().Where(drop => IsOut(it, drop.Push)))
        {
            it.Carried(drop.Push).ShouldAllBe(push => IsOver(it, push), drop.ToString());
        }

        TheMoreImportantWins(it, decisions);
    }

    /// <summary>Whether the push is of no use any more.</summary>
    private static bool IsOver(PolicySimulation it, SimulatedPush push) =>
        ExpiryOf(push) <= it.Now
        || (push.Recheck && it.It.Standings[new(push.Segment)].IsMember != (push.Number % 2 == 1));

    /// <summary>A wait at a cap ends at the first instant at which all caps have room, or when the push
    /// expires.</summary>
    private static void IsRight(PolicySimulation it, PolicyDecision.Wait wait)
    {
        var push = it.Pushes[wait.Push];
        if (!wait.Reason.StartsWith("capped: ", StringComparison.Ordinal) || wait.Until == ExpiryOf(push))
        {
            return;
        }

        HasRoom(it, push, wait.Until).ShouldBeTrue(wait.ToString());
        HasRoom(it, push, wait.Until.Minus(1)).ShouldBeFalse(wait.ToString());
    }

    /// <summary>Of two that the same caps hold for at one connector, it is not the less important one that
    /// goes.</summary>
    private static void TheMoreImportantWins(PolicySimulation it, IReadOnlyList<PolicyDecision> decisions)
    {
        var sent = decisions.OfType<PolicyDecision.Send>().Where(send => !IsOut(it, send.Push)).Select(Of).ToList();
        var held = decisions
            .OfType<PolicyDecision.Wait>()
            .Where(wait =>
                wait.Reason.StartsWith("capped: ", StringComparison.Ordinal)
                || wait.Reason.StartsWith("outranked: ", StringComparison.Ordinal)
            )
            .Select(Of);
        foreach (var low in held.Where(push => push.Digest == TimeSpan.Zero && !IsBehindItsSegment(push)))
        {
            sent.Where(high => high.To == low.To && high.Purpose == low.Purpose && high.Digest == TimeSpan.Zero)
                .All(high => high.Importance >= low.Importance)
                .ShouldBeTrue($"{low} waits for what matters less");
        }

        SimulatedPush Of(PolicyDecision decision) => it.Pushes[decision.Push];

        bool IsBehindItsSegment(SimulatedPush push) =>
            decisions.Select(Of).Any(o => (o.To, o.Segment) == (push.To, push.Segment) && o.Number < push.Number);
    }

    /// <summary>What is let out now at one connector keeps all caps, with what was let out before.</summary>
    private static void ThereIsRoom(PolicySimulation it, IReadOnlyList<PolicyDecision> decisions)
    {
        var sent = decisions.OfType<PolicyDecision.Send>().Where(send => !IsOut(it, send.Push));
        foreach (
            var leaving in sent.Select(send => it.Pushes[send.Push])
                .GroupBy(static push => push.To, StringComparer.Ordinal)
        )
        {
            foreach (var cap in it.It.Options.Caps)
            {
                int count = leaving.Count(push => Counts(cap, push));
                (count == 0 || Counted(it, cap, it.Now) + count <= cap.AtMost).ShouldBeTrue($"{cap} at {it.Now}");
            }
        }
    }

    private static void Judge(PolicySimulation it)
    {
        it.It.Pending.ShouldBeEmpty();
        it.Ended.Keys.ShouldBe(it.Pushes.Keys, ignoreOrder: true);
        foreach (var attempt in it.Attempts)
        {
            var push = it.Pushes[attempt.Pushes[0]];
            attempt.At.ShouldBeLessThan(attempt.Pushes.Select(part => ExpiryOf(it.Pushes[part])).Max());
            IsQuiet(it, push, attempt.At).ShouldBeFalse($"{push} at {attempt.At}");
        }

        NothingOvertakes(it);
    }

    /// <summary>At one connector, the transitions of a segment are told in their order.</summary>
    private static void NothingOvertakes(PolicySimulation it)
    {
        var told = it.Attempts.Where(static attempt => attempt.IsFirst).SelectMany(static attempt => attempt.Pushes);
        foreach (var order in told.Select(push => it.Pushes[push]).GroupBy(push => (push.To, push.Segment)))
        {
            long[] numbers = [.. order.Select(static push => push.Number)];
            numbers.ShouldBe(numbers.Order().Distinct());
        }

        // Between the attempts of a push there are none of a later one at its connector, but while it is quiet for it:
        // then those of other segments may go out.
        foreach (var attempts in it.Attempts.GroupBy(static attempt => attempt.To, StringComparer.Ordinal))
        {
            List<SimulatedAttempt> run = [.. attempts];
            foreach (PushId id in run.Select(static attempt => attempt.Pushes[0]).Distinct())
            {
                SimulatedPush retried = it.Pushes[id];
                int first = run.FindIndex(attempt => attempt.Pushes[0] == id);
                run.GetRange(first, run.FindLastIndex(attempt => attempt.Pushes[0] == id) - first)
                    .TrueForAll(other =>
                        it.Pushes[other.Pushes[0]].MadeAt <= retried.MadeAt
                        || (it.Pushes[other.Pushes[0]].Segment != retried.Segment && IsQuiet(it, retried, other.At))
                    )
                    .ShouldBeTrue($"{id} was overtaken");
            }
        }
    }

    private static bool IsOut(PolicySimulation it, PushId push) => it.It.Grants.Any(grant => grant.Push == push);

    private static Timestamp ExpiryOf(SimulatedPush push) =>
        push.Expires == TimeSpan.Zero ? Timestamp.Never : push.MadeAt.Plus((long)push.Expires.TotalMilliseconds);

    private static bool HasRoom(PolicySimulation it, SimulatedPush push, Timestamp at) =>
        CapsOf(it, push).All(cap => Counted(it, cap, at) < cap.AtMost);

    private static IEnumerable<CapOptions> CapsOf(PolicySimulation it, SimulatedPush push) =>
        it.It.Options.Caps.Where(cap => Counts(cap, push));

    private static bool Counts(CapOptions cap, SimulatedPush push) =>
        push.Purpose != PurposeOptions.Operations
        && (cap.Channel ?? push.Channel) == push.Channel
        && (cap.Purpose ?? push.Purpose) == push.Purpose;

    /// <summary>What a cap counts in the window that ends at an instant.</summary>
    private static int Counted(PolicySimulation it, CapOptions cap, Timestamp at) =>
        it.It.Grants.Count(grant =>
            Counts(cap, it.Pushes[grant.Push])
            && grant.At <= at
            && grant.At > at.Minus((long)cap.Within.TotalMilliseconds)
        );

    private static bool IsQuiet(PolicySimulation it, SimulatedPush push, Timestamp at)
    {
        string clock = TimeZoneInfo
            .ConvertTime(at.ToDateTimeOffset(), it.Zone)
            .ToString("HH:mm", CultureInfo.InvariantCulture);
        string from = it.It.Options.QuietHours.From.ToString("HH:mm", CultureInfo.InvariantCulture);
        string to = it.It.Options.QuietHours.To.ToString("HH:mm", CultureInfo.InvariantCulture);
        bool isAfterFrom = string.CompareOrdinal(clock, from) >= 0;
        bool isBeforeTo = string.CompareOrdinal(clock, to) < 0;
        return !push.IgnoresQuietHours
            && push.Purpose != PurposeOptions.Operations
            && (string.CompareOrdinal(from, to) <= 0 ? isAfterFrom && isBeforeTo : isAfterFrom || isBeforeTo);
    }
}
