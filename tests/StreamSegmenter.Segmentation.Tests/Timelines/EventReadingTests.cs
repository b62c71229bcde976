using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Tests.Events.Support;
using StreamSegmenter.Segmentation.Tests.Rules.Support;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Timelines;

public sealed class EventReadingTests
{
    private const string Red = """{"type":"track","event":"view","userId":"u","properties":{"sku":"red","n":3}}""";

    [Theory]
    [InlineData("sku = \"red\"", true)]
    [InlineData("\"red\" = sku", true)]
    [InlineData("sku = \"blue\"", false)]
    [InlineData("sku = \"Red\"", false)]
    [InlineData("sku in (\"blue\", \"red\", \"red\")", true)]
    [InlineData("sku in (\"blue\", \"green\")", false)]
    [InlineData("n > 5 and sku = \"blue\"", false)]
    [InlineData("@type = \"track\"", true)]
    [InlineData("@type = \"page\"", false)]
    public void A_lane_that_demands_a_text_is_found_only_by_that_text(string where, bool found) =>
        Lanes($"exists(view where {where})", Red).ShouldBe(found ? 1 : 0);

    // These may hold whatever the property is, or need more than one look at it: their lanes are always asked.
    [Theory]
    [InlineData("sku != \"blue\"")]
    [InlineData("not (sku = \"blue\")")]
    [InlineData("sku = \"blue\" or n > 2")]
    [InlineData("sku not in (\"blue\", \"green\")")]
    [InlineData("sku in (\"blue\", 3)")]
    [InlineData("tags[] = \"blue\"")]
    [InlineData("sku = profile.favourite")]
    [InlineData("n = 4")]
    public void A_lane_that_may_take_an_event_for_another_reason_is_always_found(string where) =>
        Lanes($"exists(view where {where})", Red).ShouldBe(1);

    [Theory]
    [InlineData("""{"sku":"r\u0065d"}""", true)]
    [InlineData("""{"sku":"RED"}""", false)]
    [InlineData("""{"sku":["red"]}""", false)]
    [InlineData("""{"sku":{"red":1}}""", false)]
    [InlineData("""{"sku":null}""", false)]
    [InlineData("""{"sku":""}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("""null""", false)]
    public void The_text_is_compared_as_the_rule_compares_it(string properties, bool found) =>
        Lanes(
                "exists(view where sku = \"red\")",
                $$"""{"type":"track","event":"view","userId":"u","properties":{{properties}}}"""
            )
            .ShouldBe(found ? 1 : 0);

    [Fact]
    public void Nested_properties_and_the_envelope_are_found()
    {
        const string Event = """
            {"type":"page","userId":"u","properties":{"a":{"b":"x"}},"context":{"page":{"path":"/shop"}}}
            """;

        Lanes("exists(page where a.b = \"x\")", Event).ShouldBe(1);
        Lanes("exists(page where a.b = \"y\")", Event).ShouldBe(0);
        Lanes("exists(page where @context.page.path = \"/shop\")", Event).ShouldBe(1);
        Lanes("exists(page where @context.page.path = \"/\")", Event).ShouldBe(0);
    }

    [Fact]
    public void Any_event_and_events_of_one_name_have_lanes_of_their_own()
    {
        const string Rule = "exists(view) or exists(any) or exists(page) or exists(any where sku = \"red\")";

        Lanes(Rule, Red).ShouldBe(3);
        Lanes(Rule, """{"type":"page","userId":"u"}""").ShouldBe(2);
        Lanes(Rule, """{"type":"track","event":"unheard of","userId":"u","properties":{"sku":"red"}}""").ShouldBe(2);
    }

    [Fact]
    public void A_sequence_is_found_by_each_of_its_events()
    {
        const string Rule = "sequence(view where sku = \"blue\" then page where name = \"x\")";

        // Which step an event fits is for the lane to say, so it is asked by the text of its one fitting step.
        Lanes(Rule, Red).ShouldBe(0);
        Lanes(Rule, """{"type":"page","userId":"u","properties":{"name":"x"}}""").ShouldBe(1);
        Lanes("sequence(view where sku = \"blue\" then view)", Red).ShouldBe(1);
    }

    private static int Lanes(string rule, string @event)
    {
        RuleSet rules = RuleTexts.Compile(rule);
        var view = Decoded.Accept(@event);
        LaneDefinition[] lanes = [.. rules.ReadingOf(view.Name).LanesFor(view, [])];
        lanes.ShouldBeUnique();
        return lanes.Length;
    }
}
