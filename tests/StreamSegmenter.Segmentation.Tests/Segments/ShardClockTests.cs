using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Tests.Rules.Support;
using StreamSegmenter.Segmentation.Tests.Segments.Support;

namespace StreamSegmenter.Segmentation.Tests.Segments;

public sealed class ShardClockTests
{
    [Fact]
    public void What_is_due_before_a_record_happens_before_it_in_order_of_time_and_customer()
    {
        var script = new ShardScript("count(a, 100ms) = 1");
        script.Track(1_000, "a", customer: "b");
        script.Track(1_000, "a", customer: "a");
        script.Track(1_010, "a", customer: "d");
        script.Log.Clear();

        script.Track(2_000, "x", customer: "new");

        script.Log.ShouldBe(["1100 a -s time #2", "1100 b -s time #2", "1110 d -s time #2"]);
    }

    [Fact]
    public void A_customer_due_at_exactly_anothers_record_is_not_held_up_nor_hurried()
    {
        var script = new ShardScript("count(a, 100ms) = 1");
        script.Track(1_000, "a", customer: "first");

        script.Track(1_100, "a", customer: "second");
        script.Log.Count.ShouldBe(2);
        script.Shard.NextDue.Milliseconds.ShouldBe(1_100);
        script.Track(1_100, "a", customer: "first");
        script.Track(1_101, "x", customer: "third");

        script.Log.ShouldBe(["1000 first +s event m1 #1", "1100 second +s event m2 #1"]);
    }

    [Fact]
    public void A_customer_due_at_anothers_record_changes_at_that_instant_when_time_moves_on()
    {
        var script = new ShardScript("count(a, 100ms) = 1");
        script.Track(1_000, "a", customer: "first");
        script.Track(1_100, "a", customer: "second");

        script.AdvanceTo(1_100);

        script.Log[^1].ShouldBe("1100 first -s time #2");
    }

    [Fact]
    public void An_event_from_the_future_is_taken_to_be_now_and_counted()
    {
        var script = new ShardScript("count(a, 100ms) = 1");

        script.Track(1_000, "a", at: 1_001).Clamped.ShouldBeTrue();
        script.Track(1_000, "b", at: 1_000).Clamped.ShouldBeFalse();
        script.AdvanceTo(9_000);

        script.Log.ShouldBe(["1000 c +s event m1 #1", "1100 c -s time #2"]);
    }

    [Fact]
    public void A_customer_exists_from_its_first_record_on()
    {
        var script = new ShardScript("not exists(a)");

        script.Track(1_000, "b");
        script.Track(1_001, "a");

        script.Log.ShouldBe(["1000 c +s event m1 #1", "1001 c -s event m2 #2"]);
    }

    [Fact]
    public void A_segment_sees_the_other_at_the_same_instant()
    {
        var script = new ShardScript([
            RuleTexts.Segment("outer", "not in(\"inner\") and exists(a)"),
            RuleTexts.Segment("inner", "count(a, 100ms) >= 1"),
        ]);

        script.Track(1_000, "a");
        script.AdvanceTo(9_000);

        script.Log.ShouldBe(["1000 c +inner event m1 #1", "1100 c -inner time #2", "1100 c +outer time #1"]);
    }

    [Fact]
    public void A_rejected_record_moves_the_clock_and_nothing_else()
    {
        var script = new ShardScript("count(a, 100ms) = 1");
        script.Track(1_000, "a");

        script.Apply(2_000, "x", "{").Outcome.ShouldBe(ApplyOutcome.Rejected);

        script.Log[^1].ShouldBe("1100 c -s time #2");
        script.Shard.Now.Milliseconds.ShouldBe(2_000);
        script.Shard.IsResident(new CustomerId("x")).ShouldBeFalse();
    }

    [Fact]
    public void No_second_enter_is_pushed_before_the_cooldown_is_over()
    {
        var script = new ShardScript([RuleTexts.Segment("s", "count(a, 10ms) = 1", TimeSpan.FromMilliseconds(100))]);
        foreach (long at in new[] { 1_000, 1_050, 1_099, 1_110, 1_209 })
        {
            script.Track(at, "a");
        }

        script.AdvanceTo(9_000);

        // Counted from the last enter that was pushed, not from one that was muted; exits are always pushed.
        script.Log.ShouldBe([
            "1000 c +s event m1 #1",
            "1010 c -s time #2",
            "1050 c +s event m2 #3 muted",
            "1060 c -s time #4",
            "1099 c +s event m3 #5 muted",
            "1109 c -s time #6",
            "1110 c +s event m4 #7",
            "1120 c -s time #8",
            "1209 c +s event m5 #9 muted",
            "1219 c -s time #10",
        ]);
    }

    [Fact]
    public void A_cooldown_is_over_at_its_exact_end()
    {
        var script = new ShardScript([RuleTexts.Segment("s", "count(a, 10ms) = 1", TimeSpan.FromMilliseconds(100))]);
        script.Track(1_000, "a");
        script.Track(1_100, "a");

        script.Log[^1].ShouldBe("1100 c +s event m2 #3");
    }
}
