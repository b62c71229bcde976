using StreamSegmenter.Segmentation.Tests.Rules.Support;
using StreamSegmenter.Segmentation.Tests.Segments.Support;

namespace StreamSegmenter.Segmentation.Tests.Segments;

public sealed class DuplicateTests
{
    private const ApplyOutcome Duplicate = ApplyOutcome.Duplicate;
    private const ApplyOutcome Applied = ApplyOutcome.Applied;

    [Theory]
    [InlineData("count(b) > 9", 1_050, Duplicate)] // at the horizon of 50
    [InlineData("count(b) > 9", 1_051, Applied)]
    [InlineData("count(a, 200ms) > 9", 1_199, Duplicate)] // beyond it, but inside a window
    [InlineData("count(a, 200ms) > 9", 1_200, Applied)]
    [InlineData("count(a, 100ms offset 150ms) > 9", 1_249, Duplicate)]
    [InlineData("count(a, 100ms offset 150ms) > 9", 1_250, Applied)]
    [InlineData("count(any, 200ms) > 9", 1_199, Duplicate)]
    [InlineData("count(a) > 9", 999_999_999, Duplicate)] // for ever
    public void A_message_is_recognised_within_the_horizon_and_while_inside_a_window(
        string rule,
        long again,
        ApplyOutcome expected
    )
    {
        var script = new ShardScript([RuleTexts.Segment("s", rule)], horizon: TimeSpan.FromMilliseconds(50));

        script.Track(1_000, "a", message: "same").Outcome.ShouldBe(Applied);
        script.Track(again, "a", message: "same").Outcome.ShouldBe(expected);
    }

    [Fact]
    public void A_duplicate_changes_nothing_and_hides_nothing()
    {
        var script = new ShardScript("count(a, 100ms) = 1");
        script.Track(1_000, "a", message: "same");
        script.Shard.TakeChanged().Count.ShouldBe(1);

        script.Track(1_100, "a", message: "same").Outcome.ShouldBe(Duplicate);
        script.Shard.ChangedCustomers.ShouldBe(0);
        script.AdvanceTo(9_000);

        script.Log.ShouldBe(["1000 c +s event same #1", "1100 c -s time #2"]);
    }

    [Fact]
    public void Each_customer_has_messages_of_its_own()
    {
        var script = new ShardScript("count(a) = 1");

        script.Track(1_000, "a", customer: "one", message: "same").Outcome.ShouldBe(Applied);
        script.Track(1_000, "a", customer: "two", message: "same").Outcome.ShouldBe(Applied);
    }

    [Fact]
    public void Events_without_a_message_id_are_never_duplicates()
    {
        var script = new ShardScript("count(a) = 2");
        const string text = """{"type":"track","event":"a","userId":"c"}""";

        script.Apply(1_000, "c", text).Outcome.ShouldBe(Applied);
        script.Apply(1_000, "c", text).Outcome.ShouldBe(Applied);

        script.Log.ShouldBe(["1000 c +s event #1"]);
    }
}
