using StreamSegmenter.Hocon;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Node.Tests.Configuration;

/// <summary>
/// Where an error in a rule is reported, however the rule is written. The fault is always the word <c>counts</c>, so
/// that a search in the text tells where that is.
/// </summary>
public sealed class RuleErrorPlaceTests
{
    public static TheoryData<string> Writings =>
        [
            """segments.a { rule = "counts(x) > 1" }""",
            """segments.a { rule = "exists(\"a b\") and counts(x) > 1" }""",
            """segments.a { rule = "exists(\"\u00e4\ud83d\ude00\t\\n\") and\n counts(x) > 1" }""",
            "segments.a {\n  rule = \"\"\"counts(x) > 1\"\"\"\n}",
            "segments.a {\n  rule = \"\"\"\n    exists(\"a\")\n    and counts(x) > 1\n  \"\"\"\n}",
            "segments.a {\r\n  rule = \"\"\"\r\n    exists(a)\r\n\tand counts(x) > 1\r\n  \"\"\"\r\n}",
            "segments.a.rule = not  counts(x) is present",
            "segments.a.rule = 5 and counts(x) is present",
            """segments.a.rule = "exists(\"a\") and "counts(x) is present""",
            "segments.a.rule = exists(a) \"\"\"and\n counts(x)\"\"\" is present",
            "base = \"exists(\\\"a\\\")\"\nsegments.a.rule = ${base}\" and counts(x) > 1\"",
            "segments.a.rule = ${base} or ${base}\nbase = \"exists(a) and counts(x) > 1\"",
            "segments.a.rule = ${base}\nbase = ${part} is present\npart = ${empty} counts(x)\nempty = \"\"",
        ];

    [Theory]
    [MemberData(nameof(Writings))]
    public void An_error_in_a_rule_has_the_place_of_the_fault(string text)
    {
        // Substitutions need something to look up; only segments are a section of that name.
        text = text.Replace("base", "segments.a.description", StringComparison.Ordinal)
            .Replace("part", "segments.b.rule", StringComparison.Ordinal)
            .Replace("empty", "segments.b.description", StringComparison.Ordinal);
        int fault = text.IndexOf("counts", StringComparison.Ordinal);
        int lineStart = text.LastIndexOf('\n', fault) + 1;
        int line = text.AsSpan(0, fault).Count('\n') + 1;
        string shown = text[lineStart..].Split('\n')[0].TrimEnd('\r');

        var problem = Loading
            .Load(text, ConfigurationPurpose.Rules)
            .ShouldBeOfType<ConfigurationResult.Refused>()
            .Problems[0];

        problem.Place.ShouldBe(HoconOrigin.Text("demo.conf", line, fault - lineStart + 1));
        problem.Text.ShouldContain("did you mean count?");
        problem.Excerpt.ShouldBe(new(shown, line, fault - lineStart + 1));
    }

    [Fact]
    public void The_line_of_the_fault_is_shown_with_a_caret_under_it() =>
        Loading
            .Problems(Loading.Load("segments.a {\n\trule = \"exists(a) and counts(b) > 1\"\n}"))
            .ShouldHaveSingleItem()
            .Split('\n')[1..]
            .ShouldBe(["  2 | \trule = \"exists(a) and counts(b) > 1\"", "    | \t                      ^"]);

    [Fact]
    public void A_rule_that_ends_too_soon_is_blamed_at_its_end() =>
        Loading
            .Problems(Loading.Load("segments.a.rule = \"exists(a) and\""))
            .ShouldHaveSingleItem()
            .ShouldStartWith("demo.conf:1:33: segments.a.rule: expected ");

    [Fact]
    public void A_rule_from_elsewhere_has_the_place_of_the_value_and_the_place_in_it()
    {
        var result = ConfigurationLoader.Load(
            new()
            {
                File = "demo.conf",
                Variables = new Dictionary<string, string>(StringComparer.Ordinal),
                Reader = Loading.Reader("segments.a.rule = ${RULE}") with
                {
                    Environment = static name => name == "RULE" ? "exists(a) and\r\n  counts(b) > 1" : null,
                },
            }
        );

        string[] lines = Loading.Problems(result).ShouldHaveSingleItem().Split('\n');
        lines[0].ShouldStartWith("environment variable RULE: segments.a.rule: line 2, column 3: ");
        lines[1..].ShouldBe(["  2 |   counts(b) > 1", "    |   ^"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(1950)]
    public void Of_a_long_line_only_what_is_around_the_fault_is_shown(int fault)
    {
        string text = new string('x', fault) + "!" + new string('x', 2000 - fault);

        string[] lines = new SourceExcerpt(text, 7, fault + 1).ToString().Split('\n');

        lines[0].Length.ShouldBeLessThan(120);
        lines[0][lines[1].IndexOf('^', StringComparison.Ordinal)].ShouldBe('!');
    }
}
