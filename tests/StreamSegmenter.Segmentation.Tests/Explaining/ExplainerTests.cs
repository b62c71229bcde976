using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Explaining;
using StreamSegmenter.Segmentation.Tests.Rules.Support;
using StreamSegmenter.Segmentation.Tests.Segments.Support;

namespace StreamSegmenter.Segmentation.Tests.Explaining;

public sealed class ExplainerTests
{
    [Fact]
    public void A_membership_is_explained_by_its_parts()
    {
        var script = new ShardScript("count(a, 10ms) >= 2 and not (profile.plan = \"free\")");
        script.Track(100, "a");
        script.Track(103, "a");
        script.AdvanceTo(105);

        Explanation explanation = Explain(script);

        explanation.Customer.ShouldBe(new CustomerId("c"));
        explanation.At.Milliseconds.ShouldBe(103, "the shard's clock: nothing was due since");
        explanation.IsMember.ShouldBeTrue();
        explanation.Since?.Milliseconds.ShouldBe(103);
        explanation.ChangesAt?.Milliseconds.ShouldBe(110);
        Show(explanation.Rule)
            .ShouldBe([
                "count(a, 10ms) >= 2 and not profile.plan = \"free\": true until 110 All",
                " count(a, 10ms) >= 2: true until 110",
                "  count(a, 10ms): 2 of 2 at 103 100",
                " not profile.plan = \"free\": true",
                "  profile.plan = \"free\": false",
                "   profile.plan: missing",
            ]);
    }

    [Fact]
    public void Each_part_says_for_itself_when_it_changes()
    {
        var script = new ShardScript("count(a, 10ms) >= 1 or since(a) > 30ms");
        script.Track(100, "a");

        Show(Explain(script).Rule)
            .ShouldBe([
                "count(a, 10ms) >= 1 or since(a) > 30ms: true until 110 Any",
                " count(a, 10ms) >= 1: true until 110",
                "  count(a, 10ms): 1 of 1 at 100",
                " since(a) > 30ms: false until 131",
                "  since(a): 0ms of 1 at 100",
            ]);
    }

    [Fact]
    public void The_newest_of_many_events_are_shown_with_their_values()
    {
        var script = new ShardScript("sum(a.n where m = \"x\") > 3");
        for (int i = 1; i <= 8; i++)
        {
            script.Track(i, "a", $"\"n\":{i},\"m\":\"x\"");
        }

        ExplainedEvents events = Explain(script).Rule.Parts[0].Events.ShouldNotBeNull();

        events.Count.ShouldBe(8);
        events
            .Newest.Select(e => (e.At.Milliseconds, e.Value))
            .ShouldBe([(8, "8"), (7, "7"), (6, "6"), (5, "5"), (4, "4")]);
    }

    [Fact]
    public void A_condition_that_must_last_says_since_when_it_does()
    {
        var script = new ShardScript("exists(a) for 1d");
        script.Track(0, "a");

        Explanation explanation = Explain(script);

        explanation.IsMember.ShouldBeFalse();
        explanation.Since.ShouldBeNull();
        explanation.ChangesAt?.Milliseconds.ShouldBe(86_400_000);
        explanation.Rule.Note.ShouldBe("true since 1970-01-01T00:00:00.000Z, 1d at 1970-01-02T00:00:00.000Z");
        Show(explanation.Rule).ShouldBe(["exists(a) for 1d: false until 86400000", " exists(a): true of 1 at 0"]);
    }

    [Fact]
    public void A_sequence_says_when_it_completed_or_will()
    {
        var script = new ShardScript("sequence(a then not b within 5ms, 20ms)");
        script.Track(100, "a");

        Explanation waiting = Explain(script);
        waiting.Rule.Note.ShouldBe("completes at 1970-01-01T00:00:00.105Z");
        waiting.ChangesAt?.Milliseconds.ShouldBe(105);

        script.AdvanceTo(110);
        Explanation complete = Explain(script);
        complete.Rule.Note.ShouldBe("last completed at 1970-01-01T00:00:00.105Z");
        complete.ChangesAt?.Milliseconds.ShouldBe(125);
    }

    [Fact]
    public void Another_segment_says_since_when_it_is_so()
    {
        var script = new ShardScript([
            RuleTexts.Segment("s", "in(\"other\") and exists(b)"),
            RuleTexts.Segment("other", "count(a, 10ms) > 0"),
        ]);
        script.Track(100, "a");

        ExplainedPart other = Explain(script).Rule.Parts[0];

        other.Note.ShouldBe("since 1970-01-01T00:00:00.100Z");
        other.ChangesAt?.Milliseconds.ShouldBe(110);
    }

    [Fact]
    public void A_trait_with_many_elements_is_shown_as_a_list()
    {
        var script = new ShardScript("profile.tags[] = \"vip\" and profile.scores[] + 1 > 3");
        script.Identify(100, "\"tags\":[\"new\",\"vip\"],\"scores\":[1,2,5]");

        Show(Explain(script).Rule)
            .ShouldBe([
                "profile.tags[] = \"vip\" and profile.scores[] + 1 > 3: true All",
                " profile.tags[] = \"vip\": true",
                "  profile.tags[]: [\"new\", \"vip\"]",
                " profile.scores[] + 1 > 3: true",
                "  profile.scores[] + 1: [2, 3, 6]",
                "   profile.scores[]: [1, 2, 5]",
            ]);
    }

    [Fact]
    public void Explaining_changes_nothing()
    {
        var script = new ShardScript("count(a, 10ms) >= 1 for 3ms");
        script.Track(100, "a");
        byte[] before = script.Shard.TakeChanged().Single().State.ToArray();

        Explain(script);

        script.Shard.ChangedCustomers.ShouldBe(0);
        script.Log.ShouldBeEmpty();
        script.AdvanceTo(200);
        script.Log.ShouldBe(["103 c +s time #1", "110 c -s time #2"]);
        before.ShouldNotBeEmpty();
    }

    [Fact]
    public void Who_or_what_is_unknown_has_no_explanation()
    {
        var script = new ShardScript("exists(a)");
        script.Track(100, "a");

        script.Shard.Explain(new("nobody"), new("s")).ShouldBeNull();
        script.Shard.Explain(new("c"), new("nothing")).ShouldBeNull();
    }

    private static Explanation Explain(ShardScript script) =>
        script.Shard.Explain(new("c"), new("s")).ShouldNotBeNull();

    private static IEnumerable<string> Show(ExplainedPart part)
    {
        string until = part.ChangesAt is { } at ? $" until {at.Milliseconds}" : "";
        string joins = part.Joins == PartJoin.None ? "" : $" {part.Joins}";
        string events = part.Events is { } e
            ? $" of {e.Count} at {string.Join(' ', e.Newest.Select(one => one.At.Milliseconds))}"
            : "";
        return part
            .Parts.SelectMany(Show)
            .Select(line => $" {line}")
            .Prepend($"{part.Text}: {part.Value}{until}{joins}{events}");
    }
}
