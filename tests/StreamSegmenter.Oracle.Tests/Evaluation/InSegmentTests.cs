namespace StreamSegmenter.Oracle.Tests.Evaluation;

public sealed class InSegmentTests
{
    [Fact]
    public void It_is_the_others_value_at_the_same_instant() =>
        Story
            .Rule("in(\"t\") and not in(\"u\")")
            .And("t", "exists(a, 10ms)")
            .And("u", "exists(b, 3ms)")
            .Given(Track(100, "a"), Track(104, "b"))
            .Makes(
                until: 500,
                "100 +s event",
                "100 +t event",
                "104 -s event",
                "104 +u event",
                "107 +s time",
                "107 -u time",
                "110 -s time",
                "110 -t time"
            );

    [Fact]
    public void It_may_be_held_for_a_while() =>
        Story
            .Rule("in(\"t\") for 5ms")
            .And("t", "exists(a, 10ms)")
            .Given(Track(100, "a"))
            .Makes(until: 500, "100 +t event", "105 +s time", "110 -s time", "110 -t time");
}
