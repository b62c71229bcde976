using StreamSegmenter.Segmentation.Tests.Segments.Support;

namespace StreamSegmenter.Segmentation.Tests.Segments;

public sealed class TraitRuleTests
{
    [Fact]
    public void The_newest_trait_wins_and_a_late_older_one_is_ignored()
    {
        var script = new ShardScript("profile.plan = \"pro\"");
        script.Identify(1_000, "\"plan\":\"pro\"");
        script.Identify(1_010, "\"plan\":\"free\"", at: 900);
        script.Identify(1_020, "\"plan\":\"free\"", at: 1_005);
        script.Identify(1_030, "\"plan\":\"pro\"", at: 1_005);

        script.Log.ShouldBe(["1000 c +s event m1 #1", "1020 c -s event m3 #2", "1030 c +s event m4 #3"]);
    }

    [Fact]
    public void Null_removes_a_trait_for_good_and_an_empty_string_is_a_value()
    {
        var script = new ShardScript("profile.plan is present");
        script.Identify(1_000, "\"plan\":\"\"");
        script.Identify(1_010, "\"plan\":null");
        script.Identify(1_020, "\"plan\":\"pro\"", at: 1_005);

        script.Log.ShouldBe(["1000 c +s event m1 #1", "1010 c -s event m2 #2"]);
    }

    [Fact]
    public void A_trait_held_for_some_time_starts_anew_when_it_was_interrupted()
    {
        var script = new ShardScript("profile.status = \"onboarding\" for 100ms");
        script.Identify(1_000, "\"status\":\"onboarding\"");
        script.Identify(1_050, "\"status\":\"done\"");
        script.Identify(1_060, "\"status\":\"onboarding\"");
        script.Identify(1_120, "\"status\":\"onboarding\"");
        script.AdvanceTo(9_000);

        script.Log.ShouldBe(["1160 c +s time #1"]);
    }

    [Fact]
    public void A_trait_inside_where_is_todays_whenever_the_event_was()
    {
        var script = new ShardScript("count(buy where brand = profile.favourite, 100ms) = 1");
        script.Track(1_000, "buy", "\"brand\":\"acme\"");
        script.Track(1_010, "buy", "\"brand\":\"zeta\"");
        script.Identify(1_020, "\"favourite\":\"acme\"");
        script.Identify(1_030, "\"favourite\":\"zeta\"");
        script.Identify(1_040, "\"favourite\":\"none\"");
        script.Identify(1_050, "\"favourite\":\"zeta\"");
        script.AdvanceTo(9_000);

        script.Log.ShouldBe([
            "1020 c +s event m3 #1",
            "1040 c -s event m5 #2",
            "1050 c +s event m6 #3",
            "1110 c -s time #4",
        ]);
    }

    [Fact]
    public void Traits_of_a_group_are_not_the_customers()
    {
        var script = new ShardScript("profile.plan = \"pro\"");
        script.Apply(1_000, "c", """{"type":"group","groupId":"g","userId":"c","traits":{"plan":"pro"}}""");

        script.Log.ShouldBeEmpty();
    }
}
