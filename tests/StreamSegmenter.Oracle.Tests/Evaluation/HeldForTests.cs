namespace StreamSegmenter.Oracle.Tests.Evaluation;

public sealed class HeldForTests
{
    [Fact]
    public void It_comes_of_age_by_itself() =>
        Story
            .Rule("profile.status = \"new\" for 10ms")
            .Given(Identify(100, "\"status\":\"new\""), Track(105, "a"))
            .Makes(until: 500, "110 +s time");

    [Fact]
    public void It_starts_anew_after_an_interruption() =>
        Story
            .Rule("profile.x = 1 for 10ms")
            .Given(Identify(100, "\"x\":1"), Identify(105, "\"x\":2"), Identify(107, "\"x\":1"))
            .Makes(until: 500, "117 +s time");

    [Fact]
    public void An_interruption_by_time_alone_counts() =>
        Story
            .Rule("exists(a, 5ms) for 7ms")
            .Given(Track(100, "a"), Track(106, "a"), Track(110, "a"))
            .Makes(until: 500, "113 +s time", "115 -s time");

    [Fact]
    public void An_event_at_the_very_end_prevents_an_interruption() =>
        Story
            .Rule("exists(a, 5ms) for 7ms")
            .Given(Track(100, "a"), Track(105, "a"))
            .Makes(until: 500, "107 +s time", "110 -s time");

    [Fact]
    public void A_late_event_does_not_mend_what_was_interrupted() =>
        Story.Rule("exists(a, 5ms) for 7ms").Given(Track(100, "a"), Track(104, "a", log: 108)).Makes(until: 500);

    [Fact]
    public void An_absence_for_a_while() =>
        Story
            .Rule("(not exists(a, 5ms)) for 7ms")
            .And("t", "not exists(a, 5ms) for 7ms")
            .Given(Track(100, "a"))
            .Makes(until: 500, "100 +t event", "112 +s time");

    [Fact]
    public void For_binds_tighter_than_not_and_and() =>
        // t is: not (exists(a) for 10ms); u is: exists(b) and (exists(a) for 10ms).
        Story
            .Rule("(not exists(a)) for 10ms")
            .And("t", "not exists(a) for 10ms")
            .And("u", "exists(b) and exists(a) for 10ms")
            .Given(Track(100, "a"), Track(109, "b"))
            .Makes(until: 500, "100 +t event", "110 -t time", "110 +u time");

    [Fact]
    public void One_inside_another_adds_up() =>
        Story.Rule("(exists(a) for 10ms) for 5ms").Given(Track(100, "a")).Makes(until: 500, "115 +s time");

    [Fact]
    public void It_is_kept_up_to_date_where_the_rule_does_not_need_it() =>
        // exists(a) has held for 10 ms at 120, although nothing asked before b came.
        Story
            .Rule("exists(b) and exists(a) for 10ms")
            .Given(Track(100, "a"), Track(120, "b"))
            .Makes(until: 500, "120 +s event");

    [Fact]
    public void Coming_of_age_at_a_record_has_the_cause_event() =>
        Story.Rule("exists(a) for 10ms").Given(Track(100, "a"), Track(110, "b")).Makes("110 +s event");
}
