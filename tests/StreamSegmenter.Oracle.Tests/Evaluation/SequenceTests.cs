namespace StreamSegmenter.Oracle.Tests.Evaluation;

public sealed class SequenceTests
{
    [Fact]
    public void It_completes_at_its_last_event_and_leaves_the_window_after_it() =>
        Story
            .Rule("sequence(a then b, 10ms)")
            .Given(Track(100, "a"), Track(200, "b"))
            .Makes(until: 500, "200 +s event", "210 -s time");

    [Fact]
    public void The_order_matters() =>
        Story.Rule("sequence(a then b)").Given(Track(1, "b"), Track(2, "a")).Holds(false);

    [Fact]
    public void Equal_times_count_in_log_order()
    {
        Story.Rule("sequence(a then b)").Given(Track(1, "a"), Track(1, "b")).Holds(true);
        Story.Rule("sequence(a then b)").Given(Track(1, "b"), Track(1, "a")).Holds(false);
    }

    [Fact]
    public void One_event_stands_for_one_step()
    {
        Story.Rule("sequence(a then a)").Given(Track(1, "a")).Holds(false);
        Story.Rule("sequence(a then any)").Given(Track(1, "a"), Track(2, "a")).Holds(true);
    }

    [Theory]
    [InlineData(110, true)]
    [InlineData(111, false)]
    public void Within_includes_its_end(long second, bool expected) =>
        Story.Rule("sequence(a then b within 10ms)").Given(Track(100, "a"), Track(second, "b")).Holds(expected);

    [Fact]
    public void Within_counts_from_the_step_before() =>
        Story
            .Rule("sequence(a then b then c within 10ms)")
            .Given(Track(1, "a"), Track(100, "b"), Track(110, "c"))
            .Holds(true);

    [Fact]
    public void Any_earlier_event_may_start() =>
        Story.Rule("sequence(a then b within 10ms)").Given(Track(1, "a"), Track(95, "a"), Track(100, "b")).Holds(true);

    [Theory]
    [InlineData(130, true)]
    [InlineData(131, false)]
    public void Total_counts_from_the_first_step_to_the_last(long third, bool expected) =>
        Story
            .Rule("sequence(a then b then c total 30ms)")
            .Given(Track(100, "a"), Track(115, "b"), Track(third, "c"))
            .Holds(expected);

    [Fact]
    public void Other_events_between_do_not_matter() =>
        Story.Rule("sequence(a then b)").Given(Track(1, "a"), Track(2, "x"), Track(3, "b")).Holds(true);

    [Fact]
    public void Not_in_the_middle_forbids_between_its_neighbours()
    {
        const string rule = "sequence(a then not x then b)";
        Story.Rule(rule).Given(Track(1, "a"), Track(2, "x"), Track(3, "b")).Holds(false);
        Story.Rule(rule).Given(Track(1, "x"), Track(2, "a"), Track(3, "b"), Track(4, "x")).Holds(true);
        Story.Rule(rule).Given(Track(1, "a"), Track(2, "x"), Track(3, "a"), Track(4, "b")).Holds(true);
        Story.Rule(rule).Given(Track(2, "x"), Track(2, "a"), Track(2, "b"), Track(2, "x")).Holds(true);
        Story.Rule(rule).Given(Track(2, "a"), Track(2, "x"), Track(2, "b")).Holds(false);
    }

    [Fact]
    public void Within_after_a_not_in_the_middle_counts_from_the_last_step_that_happened()
    {
        const string rule = "sequence(a then not x then b within 10ms)";
        Story.Rule(rule).Given(Track(100, "a"), Track(110, "b")).Holds(true);
        Story.Rule(rule).Given(Track(100, "a"), Track(111, "b")).Holds(false);
    }

    [Fact]
    public void A_late_event_may_break_an_occurrence_or_make_one() =>
        Story
            .Rule("sequence(a then not x then b)")
            .Given(Track(1, "a"), Track(5, "b"), Track(3, "x", log: 6), Track(4, "a", log: 7))
            .Makes("5 +s event", "6 -s event", "7 +s event");

    [Fact]
    public void A_not_at_the_end_completes_when_its_time_is_over() =>
        Story
            .Rule("sequence(a then not b within 10ms, 20ms)")
            .Given(Track(100, "a"))
            .Makes(until: 500, "110 +s time", "130 -s time");

    [Theory]
    [InlineData(101)]
    [InlineData(110)]
    public void What_comes_in_time_prevents_it(long time) =>
        Story.Rule("sequence(a then not b within 10ms)").Given(Track(100, "a"), Track(time, "b")).Makes(until: 500);

    [Fact]
    public void What_comes_too_late_or_before_does_not() =>
        Story
            .Rule("sequence(a then not b within 10ms)")
            .Given(Track(100, "b"), Track(100, "a"), Track(111, "b"))
            .Makes("110 +s time");

    [Fact]
    public void What_follows_at_the_same_time_in_the_log_prevents_it() =>
        Story.Rule("sequence(a then not b within 10ms)").Given(Track(100, "a"), Track(100, "b")).Makes(until: 500);

    [Fact]
    public void A_late_event_takes_back_a_completion_from_then_on() =>
        Story
            .Rule("sequence(a then not b within 10ms)")
            .Given(Track(100, "a"), Track(105, "b", log: 120))
            .Makes("110 +s time", "120 -s event");

    [Fact]
    public void A_late_start_may_be_complete_at_once() =>
        Story
            .Rule("sequence(a then not b within 10ms)")
            .Given(Track(200, "x"), Track(150, "a", log: 201))
            .Makes("201 +s event");

    [Fact]
    public void Conditions_and_paths_choose_the_events() =>
        Story
            .Rule("sequence(a where x = 1 then b.y)")
            .Given(Track(1, "a", "\"x\":2"), Track(2, "b", "\"y\":1"), Track(3, "a", "\"x\":1"), Track(4, "b"))
            .Holds(false);

    [Fact]
    public void A_window_after_an_event_holds_completions_later_than_it() =>
        Story
            .Rule("sequence(a then b, after last(c))")
            .Given(Track(1, "a"), Track(2, "b"), Track(3, "c"), Track(4, "b"))
            .Makes("2 +s event", "3 -s event", "4 +s event");

    [Fact]
    public void The_documented_one_with_three_steps() =>
        Story
            .Rule("sequence(a then b within 10ms then not c within 5ms, 30ms)")
            .Given(Track(100, "a"), Track(108, "b"), Track(112, "c"), Track(110, "b", log: 113))
            .Makes(until: 500);

    [Fact]
    public void Nots_before_a_not_at_the_end_last_until_it_is_over()
    {
        const string rule = "sequence(a then not x then not b within 10ms)";
        Story.Rule(rule).Given(Track(100, "a"), Track(105, "x")).Makes(until: 500);
        Story.Rule(rule).Given(Track(100, "a"), Track(111, "x")).Makes(until: 500, "110 +s time");
    }
}
