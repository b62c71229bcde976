using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Tests.Rules.Support;

namespace StreamSegmenter.Segmentation.Tests.Rules;

public sealed class SegmentFactsTests
{
    // What is kept, how far back the rule looks, and whether time alone changes it.
    [Theory]
    [InlineData("count(a, 30d) > 1", "the time of a: 30d", "30d", true)]
    [InlineData("count(a) > 1", "the time of a: ever", "ever", false)]
    [InlineData("count(a, ever) > 1", "the time of a: ever", "ever", false)]
    [InlineData("exists(a)", "the time of a: newest", "ever", false)]
    [InlineData("exists(a, 1d)", "the time of a: 1d", "1d", true)]
    [InlineData("since(a) > 1d", "the time of a: newest", "ever", true)]
    [InlineData("since(a, 2d) > 1d", "the time of a: 2d", "2d", true)]
    [InlineData("since_first(a) > 1d", "the time of a: ever", "ever", true)]
    [InlineData("sum(a.n, 1d) > 1", "time and number of a.n: 1d", "1d", true)]
    [InlineData("avg(a.n, 1d) > 1", "time and number of a.n: 1d", "1d", true)]
    [InlineData("min(a.n, 1d) > 1", "time and number of a.n: 1d", "1d", true)]
    [InlineData("distinct(a.n, 1d) > 1", "time and value of a.n: 1d", "1d", true)]
    [InlineData("mode(a.n, 1d) = \"x\"", "time and value of a.n: 1d", "1d", true)]
    [InlineData("last(a.n) = \"x\"", "time and value of a.n: newest", "ever", false)]
    [InlineData("first(a.n) = \"x\"", "time and value of a.n: ever", "ever", false)]
    [InlineData("days(a, 1w) > 1", "the time of a: 7d", "7d", true)]
    [InlineData("count(a, 30d offset 30d) > 1", "the time of a: 60d", "60d", true)]
    [InlineData("count(a, this day) > 1", "the time of a: 2d", "2d", true)]
    [InlineData("count(a, this year) > 1", "the time of a: 367d", "367d", true)]
    [InlineData("count(a, after last(b)) > 1", "the time of a: ever; the time of b: newest", "ever", false)]
    [InlineData("count(a, after first(b)) > 1", "the time of a: ever; the time of b: ever", "ever", false)]
    [InlineData("sequence(a then b within 1d, 7d)", "time and step of a or b: 8d", "8d", true)]
    [InlineData("sequence(a then b total 2d, 7d)", "time and step of a or b: 9d", "9d", true)]
    [InlineData("sequence(a then b, 7d)", "time and step of a or b: ever", "ever", true)]
    [InlineData("sequence(a then a)", "time and step of a: ever", "ever", false)]
    [InlineData("sequence(a then not b within 1d)", "time and step of a or b: ever", "ever", true)]
    [InlineData("profile.plan = \"pro\"", "", "0d", false)]
    [InlineData("profile.plan = \"pro\" for 7d", "", "0d", true)]
    [InlineData("count(a, 2d) > 1 for 7d", "the time of a: 2d", "2d", true)]
    public void A_construct_keeps_and_looks_back(string rule, string keeps, string looksBack, bool byTime)
    {
        SegmentFacts facts = FactsOf(rule);

        string.Join("; ", facts.Keeps.Select(Show)).ShouldBe(keeps);
        (facts.LooksBack is { } back ? Days(back) : "ever").ShouldBe(looksBack);
        facts.ChangesByTime.ShouldBe(byTime);
    }

    [Fact]
    public void Everything_that_a_rule_reads_is_named_once()
    {
        SegmentFacts facts = FactsOf(
            """
            (count(a where x = profile.home) > 1 or profile.plan = "pro" for 1d) and sum(b.items[].price, 1d) > 2
              and profile.plan != "free" and in("other") and sequence(a then c within 1d, 1d) and exists(any)
              and sum(b.items[].price, 7d) > 2
            """
        );

        facts.Reads.ShouldBe(["a", "c", "a where x = profile.home", "any", "b.items[].price"], ignoreOrder: true);
        facts.Traits.ShouldBe(["home", "plan"]);
        facts.Segments.Select(segment => segment.Value).ShouldBe(["other"]);
        facts.Keeps.Select(kept => kept.For).Max().ShouldBe(TimeSpan.FromDays(7));
    }

    [Fact]
    public void A_shared_lane_is_kept_as_long_as_any_segment_needs_it()
    {
        RuleSet rules = RuleTexts.Compile([
            RuleTexts.Segment("short", "count(a, 1d) > 1"),
            RuleTexts.Segment("long", "count(a, 9d) > 1"),
        ]);

        SegmentFacts facts = rules.FactsOf(new("short"));

        facts.LooksBack.ShouldBe(TimeSpan.FromDays(1));
        facts.Keeps.Single().For.ShouldBe(TimeSpan.FromDays(9));
    }

    private static SegmentFacts FactsOf(string rule) =>
        RuleTexts.Compile([RuleTexts.Segment("s", rule), RuleTexts.Segment("other", "exists(z)")]).FactsOf(new("s"));

    private static string Show(KeptLane kept) =>
        $"{kept.Content} of {string.Join(" or ", kept.Sources)}: "
        + kept switch
        {
            { For: null } => "ever",
            { NewestOnly: true } when kept.For == TimeSpan.Zero => "newest",
            { NewestOnly: true } => $"{Days(kept.For.Value)}, newest",
            _ => Days(kept.For.Value),
        };

    private static string Days(TimeSpan span) => $"{(int)span.TotalDays}d";
}
