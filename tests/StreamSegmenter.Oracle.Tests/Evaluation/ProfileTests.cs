namespace StreamSegmenter.Oracle.Tests.Evaluation;

public sealed class ProfileTests
{
    [Fact]
    public void The_newest_event_time_wins_not_the_latest_arrival() =>
        Story
            .Rule("profile.plan = \"pro\"")
            .Given(Identify(100, "\"plan\":\"pro\""), Identify(90, "\"plan\":\"free\"", log: 110))
            .Makes("100 +s event");

    [Fact]
    public void Of_equal_times_the_later_in_the_log_wins() =>
        Story
            .Rule("profile.plan = \"pro\"")
            .Given(Identify(100, "\"plan\":\"pro\""), Identify(100, "\"plan\":\"free\"", log: 110))
            .Makes("100 +s event", "110 -s event");

    [Fact]
    public void Each_trait_has_its_own_newest_time() =>
        Story
            .Rule("profile.a = 1 and profile.b = 2")
            .Given(Identify(100, "\"a\":1"), Identify(90, "\"a\":0,\"b\":2", log: 110))
            .Makes("110 +s event");

    [Fact]
    public void Null_removes_and_its_time_is_remembered() =>
        Story
            .Rule("profile.plan is present")
            .Given(
                Identify(100, "\"plan\":\"pro\""),
                Identify(120, "\"plan\":null"),
                Identify(110, "\"plan\":\"free\"", log: 130),
                Identify(140, "\"plan\":\"\"")
            )
            .Makes("100 +s event", "120 -s event", "140 +s event");

    [Fact]
    public void An_object_is_one_trait() =>
        Story
            .Rule("profile.address.city = \"Berlin\"")
            .Given(Identify(100, "\"address\":{\"city\":\"Berlin\"}"), Identify(110, "\"address\":{\"zip\":\"10115\"}"))
            .Makes("100 +s event", "110 -s event");

    [Fact]
    public void Only_identify_sets_traits() =>
        Story
            .Rule("profile.plan = \"pro\"")
            .Given(Of("group", 100, ",\"traits\":{\"plan\":\"pro\"}"), Track(101, "a", "\"plan\":\"pro\""))
            .Makes();

    [Fact]
    public void A_negative_rule_holds_from_the_first_record_on() =>
        Story.Rule("not exists(a)").Given(Track(100, "b"), Track(110, "a")).Makes("100 +s event", "110 -s event");
}
