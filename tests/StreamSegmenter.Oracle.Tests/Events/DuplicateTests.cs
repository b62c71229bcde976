namespace StreamSegmenter.Oracle.Tests.Events;

public sealed class DuplicateTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void A_second_one_changes_nothing() =>
        Story.Rule("count(a) >= 2").Given(Track(1, "a", id: "m"), Track(2, "a", id: "m")).Makes();

    [Fact]
    public void The_same_messageId_of_another_customer_is_another_event() =>
        Story
            .Rule("exists(a)")
            .Given(TrackBy("d", 1, "a", id: "m"), TrackBy("e", 2, "a", id: "m"))
            .Makes("d 1 +s event", "e 2 +s event");

    [Fact]
    public void Without_a_messageId_nothing_is_a_duplicate() =>
        Story.Rule("count(a) >= 2").Given(Track(1, "a"), Track(1, "a")).Makes("1 +s event");

    [Fact]
    public void It_causes_no_evaluation() =>
        Story
            .Rule("exists(a, 10ms)")
            .Given(Track(100, "a", id: "m"), Track(110, "a", id: "m"))
            .Makes(until: 200, "100 +s event", "110 -s time");

    [Theory]
    [InlineData(105, 1)]
    [InlineData(106, 2)]
    public void The_horizon_includes_its_end(long second, int expected)
    {
        var result = Story
            .Rule("exists(a, 2ms)")
            .Remembering(Short)
            .Given(Track(100, "a", id: "m"), Track(second, "a", id: "m"))
            .Run(until: null);
        result.Transitions.Count(t => t.Entered).ShouldBe(expected);
    }

    [Theory]
    [InlineData("count(a, 20ms) >= 1", 119, 0)]
    [InlineData("count(a, 20ms) >= 1", 120, 1)]
    [InlineData("count(any, 20ms) >= 1", 119, 0)]
    [InlineData("count(b, 20ms) >= 1", 119, 1)]
    [InlineData("count(a, 5ms offset 15ms) >= 1", 119, 0)]
    [InlineData("count(a, 5ms offset 15ms) >= 1", 120, 1)]
    [InlineData("count(a) >= 1", 9000, 0)]
    [InlineData("count(a, after last(b)) >= 1", 9000, 0)]
    [InlineData("count(b, after last(a)) >= 1", 9000, 0)]
    [InlineData("count(b, after last(c)) >= 1", 9000, 1)]
    [InlineData("sequence(a then b, 20ms)", 9000, 0)]
    [InlineData("sequence(a then b total 10ms, 20ms)", 129, 0)]
    [InlineData("sequence(a then b total 10ms, 20ms)", 130, 1)]
    [InlineData("sequence(a then b within 10ms then not c within 5ms, 20ms)", 134, 0)]
    [InlineData("sequence(a then b within 10ms then not c within 5ms, 20ms)", 135, 1)]
    public void It_is_remembered_while_a_window_may_see_it(string rule, long second, int newEvents) =>
        // The observer tells whether the second record was taken for a new event.
        Story
            .Rule(rule)
            .And("observer", "profile.x = 1")
            .Remembering(Short)
            .Given(Track(100, "a", id: "m"), Identify(second, "\"x\":1", id: "m"))
            .Run(until: null)
            .Transitions.Count(t => t.Segment == "observer")
            .ShouldBe(newEvents);

    [Fact]
    public void After_being_forgotten_the_next_one_is_remembered_in_its_place() =>
        Story
            .Rule("count(a, 3ms) >= 1")
            .Remembering(Short)
            .Given(Track(100, "a", id: "m"), Track(110, "a", id: "m"), Track(114, "a", id: "m"))
            .Makes(until: 200, "100 +s event", "103 -s time", "110 +s event", "113 -s time");
}
