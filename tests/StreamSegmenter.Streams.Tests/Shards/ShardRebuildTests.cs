using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.Tests.Shards.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

/// <summary>Definitions that changed between two runs of a shard.</summary>
public sealed class ShardRebuildTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly SegmentActions Buyer = Segment("buyer", "count(purchase, 10h) >= 1");
    private static readonly SegmentActions Fan = Segment("fan", "count(visit, 10h) >= 1");

    private readonly ShardRig _rig = new([Buyer]);

    [Fact]
    public void A_new_segment_is_filled_from_history_and_pushes_nothing()
    {
        LiveThroughAMorning();
        Redefine(Buyer, Fan);

        _rig.History().ShouldBe(["u1 +buyer1 event", "u2 +buyer1 event", "u1 +fan1 backfill", "u3 +fan1 backfill"]);
        _rig.Transitions()[^1].At.ShouldBe(_rig.Transitions()[^2].At);
        _rig.Transitions()[^1].MessageId.ShouldBeNull();
        PushedSince(2).ShouldBeEmpty();
    }

    [Fact]
    public void A_backfilled_customer_leaves_when_the_window_says_so_and_that_pushes()
    {
        LiveThroughAMorning();
        Redefine(Buyer, Fan);
        _rig.Advance(Hour * 12);

        _rig.History()[4..]
            .ShouldBe(["u1 -buyer2 time", "u2 -buyer2 time", "u1 -fan2 time", "u3 -fan2 time"], ignoreOrder: true);
        PushedSince(2).ShouldBe(["mail u1", "mail u2", "mail u1", "mail u3"], ignoreOrder: true);
    }

    [Fact]
    public void A_new_segment_may_ask_for_pushes()
    {
        LiveThroughAMorning();
        Redefine(Buyer, Segment("fan", "count(visit, 10h) >= 1", backfillPush: true));

        PushedSince(2).ShouldBe(["chat u1", "chat u3"]);
        var transition = Json(_rig.Pushes()[^1].Push.Content).GetProperty("transition");
        transition.GetProperty("cause").GetString().ShouldBe("backfill");
        transition.GetProperty("number").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void An_edited_segment_keeps_whom_it_can()
    {
        LiveThroughAMorning();
        Redefine(Segment("buyer", "count(purchase, 10h) >= 1 and count(visit, 10h) >= 1 or count(refund, 10h) >= 1"));

        // u1 bought and visited, u2 only bought, u4 had a refund.
        _rig.History()
            .ShouldBe(["u1 +buyer1 event", "u2 +buyer1 event", "u2 -buyer2 definition", "u4 +buyer1 backfill"]);
        PushedSince(2).ShouldBeEmpty();
        _rig.Append(Track("u2", "visit"));
        _rig.History()[^1].ShouldBe("u2 +buyer3 event");
        PushedSince(2).ShouldBe(["chat u2"]);
    }

    [Fact]
    public void The_members_of_a_removed_segment_leave_it()
    {
        LiveThroughAMorning();
        Redefine(Fan);

        _rig.History()[2..]
            .ShouldBe(
                ["u1 +fan1 backfill", "u1 -buyer2 definition", "u2 -buyer2 definition", "u3 +fan1 backfill"],
                ignoreOrder: true
            );
        _rig.MembershipsOf("u1", "u2", "u3").ShouldBe(["u1 fan", "u3 fan"]);
        PushedSince(2).ShouldBeEmpty();
    }

    [Fact]
    public void A_segment_that_comes_back_goes_on_counting()
    {
        LiveThroughAMorning();
        Redefine(Fan);
        Redefine(Buyer);

        _rig.History()
            .Where(line => line.StartsWith("u2", StringComparison.Ordinal))
            .ShouldBe(["u2 +buyer1 event", "u2 -buyer2 definition", "u2 +buyer3 backfill"]);
    }

    [Fact]
    public void A_renamed_segment_is_a_removed_and_a_new_one()
    {
        LiveThroughAMorning();
        Redefine(Segment("customer", Buyer.Segment.Rule));

        _rig.History()[2..]
            .ShouldBe(
                ["u1 -buyer2 definition", "u2 -buyer2 definition", "u1 +customer1 backfill", "u2 +customer1 backfill"],
                ignoreOrder: true
            );
    }

    [Fact]
    public void Another_order_or_description_changes_nothing()
    {
        LiveThroughAMorning();
        Redefine(Buyer, Fan);
        List<string> history = _rig.History();
        RunningShard again = Redefine(Fan, Buyer with { Segment = Buyer.Segment with { Description = "others" } });

        _rig.History().ShouldBe(history);
        again.Runner.Counts.ShouldBe(default);
    }

    [Fact]
    public void A_cooldown_outlives_a_rebuild()
    {
        SegmentActions rare = Segment("buyer", "count(purchase, 1h) >= 1", cooldown: Hour * 24);
        _rig.Define(rare);
        RunningShard first = _rig.Start();
        _rig.Append(Track("u1", "purchase"));
        _rig.Advance(Hour * 2);
        first.Kill();
        RunningShard second = Redefine(rare, Fan);
        _rig.Append(Track("u1", "purchase"));
        _rig.Advance(Hour * 30);
        second.Kill();
        Redefine(rare);
        _rig.Append(Track("u1", "purchase"));

        _rig.History().Count(line => line.Contains("+buyer", StringComparison.Ordinal)).ShouldBe(3);
        _rig.Pushes().Where(push => push.Push.Connector == Chat).Select(push => push.Place.Sequence).ShouldBe([1, 4]);
    }

    [Fact]
    public void The_clock_of_a_rebuilt_shard_does_not_go_back()
    {
        LiveThroughAMorning();
        RunningShard shard = _rig.Start();
        _rig.Advance(Hour * 12);
        _rig.History().Count.ShouldBe(4);
        shard.Kill();
        Redefine(Buyer, Segment("quiet", "since(any) >= 3h"));

        // The last tick that mattered was that of u2's exit: from there on the new segment speaks.
        Transition[] quiet = [.. _rig.Transitions().Where(t => t.Cause == TransitionCause.Backfill)];
        quiet.Length.ShouldBe(5);
        quiet.ShouldAllBe(t => t.At > _rig.Transitions()[3].At && t.At <= _rig.Now);
    }

    [Fact]
    public void A_correction_is_not_earlier_than_a_committed_one()
    {
        // The exit was by a tick that no checkpoint covers; under the third definitions nothing happens at it.
        _rig.Options = _rig.Options with
        {
            CheckpointInterval = TimeSpan.FromDays(100),
        };
        RunningShard first = _rig.Start();
        _rig.Append(Track("u1", "purchase"));
        _rig.Advance(Hour * 12);
        first.Kill();
        SegmentActions lapsed = Segment("lapsed", "since(purchase) >= 10h");
        _rig.Define(lapsed);
        _rig.Start(plan: CrashAfterEffects).Error.ShouldBeOfType<CrashedException>();
        Redefine(Segment("anybody", "exists(purchase)"));

        _rig.History()
            .ShouldBe(
                [
                    "u1 +buyer1 event",
                    "u1 -buyer2 time",
                    "u1 +lapsed1 backfill",
                    "u1 +anybody1 backfill",
                    "u1 -lapsed2 definition",
                ],
                ignoreOrder: true
            );
        Transition[] lapses = [.. _rig.Transitions().Where(t => t.Segment == lapsed.Segment.Name)];
        lapses.OrderBy(t => t.Number).Select(t => t.At).ShouldBeInOrder();
    }

    [Fact]
    public void Without_the_beginning_of_the_log_a_changed_definition_is_refused()
    {
        LiveThroughAMorning();
        _rig.Append(Track("u9", "visit"));
        _rig.Expire();
        _rig.Define(Fan);

        Exception error = _rig.Start().Error.ShouldBeOfType<LogBeginningLostException>();
        error.Message.ShouldContain("partition 0 begins at position 6");
        error.Message.ShouldContain("Go back to the former definitions");
        _rig.Define(Buyer);
        _rig.Start().Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void A_change_before_the_first_checkpoint_is_noticed()
    {
        _rig.Options = _rig.Options with { CheckpointInterval = TimeSpan.FromDays(100) };
        RunningShard first = _rig.Start();
        _rig.Append(Track("u1", "purchase"), Track("u1", "visit"));
        first.Kill();
        Redefine(Fan);

        _rig.History().ShouldBe(["u1 +buyer1 event", "u1 -buyer2 definition", "u1 +fan1 backfill"]);
    }

    [Theory]
    [InlineData(nameof(Fault.CrashBefore))]
    [InlineData(nameof(Fault.CrashAfter))]
    public void A_crash_at_any_call_of_a_rebuild_doubles_nothing(string fault)
    {
        List<string> expected = Rebuilt(plan: null, out int calls);
        calls.ShouldBeGreaterThan(5);
        for (int crash = 1; crash <= calls; crash++)
        {
            int call = 0;
            Rebuilt(_ => ++call == crash ? Enum.Parse<Fault>(fault) : Fault.None, out int _).ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData(nameof(Fault.CrashBefore))]
    [InlineData(nameof(Fault.CrashAfter))]
    public void Going_back_after_a_half_done_rebuild_restores_the_memberships(string fault)
    {
        for (int crash = 1; crash < 10; crash++)
        {
            ShardRebuildTests test = new();
            test.LiveThroughAMorning();
            test._rig.Define(Fan);
            int call = 0;
            test._rig.Start(plan: _ => ++call == crash ? Enum.Parse<Fault>(fault) : Fault.None);
            test.Redefine(Buyer);

            test._rig.MembershipsOf("u1", "u2", "u3").ShouldBe(["u1 buyer", "u2 buyer"]);
            test._rig.Observed.ShouldBeUnique();
        }
    }

    [Fact]
    public void A_zombie_cannot_rebuild()
    {
        LiveThroughAMorning();
        _rig.Define(Fan);
        RunningShard slow = _rig.Start(
            plan: call => call == StoreCall.History ? Fault.Slow : Fault.None,
            slowness: TimeSpan.FromMinutes(1)
        );
        _rig.Start();
        List<string> history = _rig.History();
        _rig.Advance(TimeSpan.FromMinutes(2));

        slow.Error.ShouldBeOfType<ShardFencedException>();
        _rig.History().ShouldBe(history);
    }

    private void LiveThroughAMorning()
    {
        RunningShard shard = _rig.Start();
        _rig.Append(Track("u1", "purchase"), Track("u1", "visit"));
        _rig.Advance(Hour);
        _rig.Append(Track("u2", "purchase"));
        _rig.Advance(Hour);
        _rig.Append(Track("u3", "visit"), Track("u4", "refund"), Track("u5", "nothing"));
        _rig.Advance(Hour);
        shard.Stop();
    }

    private RunningShard Redefine(params SegmentActions[] segments)
    {
        _rig.Define(segments);
        RunningShard shard = _rig.Start();
        shard.Error.ShouldBeNull();
        return shard;
    }

    private List<string> PushedSince(long sequence) =>
        [
            .. _rig.Pushes()
                .Where(push => push.Place.Sequence > sequence)
                .Select(push => $"{push.Push.Connector} {push.Push.Customer}"),
        ];

    private static Fault CrashAfterEffects(StoreCall call) => call == StoreCall.Effects ? Fault.CrashAfter : Fault.None;

    private static List<string> Rebuilt(Func<StoreCall, Fault>? plan, out int calls)
    {
        ShardRebuildTests test = new();
        test.LiveThroughAMorning();
        test._rig.Define(Fan, Segment("buyer", "count(refund, 10h) >= 1", backfillPush: true));
        int count = 0;
        RunningShard broken = test._rig.Start(plan: call =>
        {
            count++;
            return plan?.Invoke(call) ?? Fault.None;
        });
        calls = count;
        broken.Kill();
        test.Redefine(test._rig.Segments.ToArray());
        test._rig.Observed.ShouldBeUnique();
        List<PendingPush> pushes = test._rig.Pushes();
        pushes.Select(push => push.Place.Sequence).ShouldBe([1, 2, 3]);
        return [.. test._rig.History(), .. test._rig.Transitions().Select(t => t.At.ToString())];
    }
}
