using StreamSegmenter.Segmentation.Tests.Segments.Support;

namespace StreamSegmenter.Segmentation.Tests.Segments;

/// <summary>Windows of 100 ms over events by hand: what is entered is left again at exactly t + 100.</summary>
public sealed class AggregateWindowTests
{
    // Event a with x = 5 at 1000.
    [Theory]
    [InlineData("count(a, 100ms) = 1")]
    [InlineData("sum(a.x, 100ms) = 5")]
    [InlineData("avg(a.x, 100ms) = 5")]
    [InlineData("min(a.x, 100ms) = 5")]
    [InlineData("max(a.x, 100ms) = 5")]
    [InlineData("distinct(a.x, 100ms) = 1")]
    [InlineData("first(a.x, 100ms) = 5")]
    [InlineData("last(a.x, 100ms) = 5")]
    [InlineData("mode(a.x, 100ms) = 5")]
    [InlineData("exists(a, 100ms)")]
    [InlineData("days(a, 100ms) = 1")]
    [InlineData("last(a, 100ms) is present")]
    [InlineData("first(a, 100ms) is present")]
    [InlineData("since(a, 100ms) >= 0ms")]
    [InlineData("since_first(a, 100ms) < 500ms")]
    [InlineData("count(a where x > 4, 100ms) > 0")]
    public void An_event_leaves_its_window_at_exactly_its_time_plus_the_window(string rule)
    {
        var script = new ShardScript(rule);
        script.Track(1_000, "a", "\"x\":5");

        script.Shard.NextDue.Milliseconds.ShouldBe(1_100);
        script.AdvanceTo(1_099);
        script.Log.ShouldBe(["1000 c +s event m1 #1"]);
        script.AdvanceTo(5_000);
        script.Log.ShouldBe(["1000 c +s event m1 #1", "1100 c -s time #2"]);
    }

    [Theory]
    [InlineData(1_100, false)] // (1000, 1100] is open at its beginning
    [InlineData(1_099, true)]
    public void An_event_of_another_kind_sees_the_window_at_its_own_instant(long at, bool member)
    {
        var script = new ShardScript("count(a, 100ms) = 1 and exists(b)");
        script.Track(1_000, "a");
        script.Track(at, "b");

        script.Log.Any(line => line.StartsWith($"{at} c +s event m2 #1", StringComparison.Ordinal)).ShouldBe(member);
    }

    // Two values, of one day, at 1000 and 1010.
    [Theory]
    [InlineData("distinct(a.x, 100ms) >= 3", long.MaxValue)]
    [InlineData("distinct(a.x, 100ms) >= 2", 1_100)]
    [InlineData("distinct(a.x, 100ms) < 2", 1_100)]
    [InlineData("distinct(a.x, 100ms) >= 1", 1_110)]
    [InlineData("days(a, 100ms) >= 2", long.MaxValue)]
    [InlineData("days(a, 100ms) < 2", 1_110)]
    [InlineData("days(a, 100ms) is missing", 1_110)]
    public void Only_entries_that_may_take_a_number_out_of_its_band_are_waited_for(string rule, long due)
    {
        var script = new ShardScript(rule);
        script.Track(1_000, "a", "\"x\":5");
        script.Track(1_010, "a", "\"x\":6");

        script.Shard.NextDue.Milliseconds.ShouldBe(due);
    }

    [Fact]
    public void An_offset_window_is_entered_and_left_by_time_alone()
    {
        var script = new ShardScript("count(a, 100ms offset 50ms) = 1");
        script.Track(1_000, "a");

        script.AdvanceTo(5_000);

        script.Log.ShouldBe(["1050 c +s time #1", "1150 c -s time #2"]);
    }

    [Fact]
    public void An_event_that_arrives_exactly_as_another_leaves_makes_no_flicker()
    {
        var script = new ShardScript("count(a, 100ms) = 1");
        script.Track(1_000, "a");
        script.Track(1_100, "a");
        script.AdvanceTo(1_199);

        script.Log.ShouldBe(["1000 c +s event m1 #1"]);
    }

    [Fact]
    public void An_event_one_millisecond_later_comes_after_the_exit()
    {
        var script = new ShardScript("count(a, 100ms) = 1");
        script.Track(1_000, "a");
        script.Track(1_101, "a");

        script.Log.ShouldBe(["1000 c +s event m1 #1", "1100 c -s time #2", "1101 c +s event m2 #3"]);
    }

    [Fact]
    public void Since_is_compared_at_the_exact_millisecond()
    {
        foreach ((string op, long flip) in new[] { (">=", 1_060L), (">", 1_061L), ("=", 1_060L) })
        {
            var script = new ShardScript($"since(a) {op} 60ms");
            script.Track(1_000, "a");
            script.AdvanceTo(9_000);

            script.Log[0].ShouldBe($"{flip} c +s time #1");
            script.Log.Count.ShouldBe(op == "=" ? 2 : 1);
        }
    }

    [Fact]
    public void A_condition_must_hold_without_a_break_for_the_whole_time()
    {
        var script = new ShardScript("count(a, 100ms) >= 1 for 150ms");
        script.Track(1_000, "a");
        script.Track(1_101, "a"); // it was false from 1100 to 1101
        script.Track(1_190, "a");
        script.AdvanceTo(1_250);
        script.Log.ShouldBeEmpty();
        script.AdvanceTo(9_000);

        script.Log.ShouldBe(["1251 c +s time #1", "1290 c -s time #2"]);
    }

    [Fact]
    public void A_late_event_is_inserted_at_its_time_and_changes_only_what_is_true_now()
    {
        var script = new ShardScript("count(a, 100ms) = 2");
        script.Track(1_000, "a");
        script.Track(1_090, "b");
        script.Track(1_095, "a", at: 1_010);
        script.AdvanceTo(9_000);

        script.Log.ShouldBe(["1095 c +s event m3 #1", "1100 c -s time #2"]);
    }

    [Fact]
    public void An_event_older_than_every_window_changes_nothing()
    {
        var script = new ShardScript("count(a, 100ms) = 1");
        script.Track(1_000, "a", at: 900);
        script.AdvanceTo(9_000);

        script.Log.ShouldBeEmpty();
    }

    [Fact]
    public void Events_at_the_anchors_instant_are_not_after_it()
    {
        var script = new ShardScript("count(a, after last(b)) = 1");
        script.Track(1_000, "b");
        script.Track(1_000, "a");
        script.Log.ShouldBeEmpty();
        script.Track(1_001, "a");
        script.Track(1_002, "b");

        script.Log.ShouldBe(["1001 c +s event m3 #1", "1002 c -s event m4 #2"]);
    }

    [Fact]
    public void Calendar_days_end_at_midnight_by_time_alone()
    {
        const long day = 86_400_000;
        var script = new ShardScript("exists(a, this day)");
        script.Track(day - 1, "a");
        script.AdvanceTo(3 * day);

        script.Log.ShouldBe(["86399999 c +s event m1 #1", "86400000 c -s time #2"]);
    }

    [Fact]
    public void Values_that_are_not_numbers_are_skipped_by_sums_and_counted_by_distinct()
    {
        var script = new ShardScript("sum(a.x) = 7 and min(a.x) = 3 and distinct(a.x) = 4 and count(a) = 6");
        foreach (string x in new[] { "3", "\"3\"", "4", "true", "null", "[5]" })
        {
            script.Track(1_000, "a", $"\"x\":{x}");
        }

        script.Log.ShouldBe(["1000 c +s event m6 #1"]);
    }
}
