using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Parsing;
using StreamSegmenter.Segmentation.Tests.Rules.Support;
using static StreamSegmenter.Segmentation.Tests.Rules.Support.RuleTexts;

namespace StreamSegmenter.Segmentation.Tests.Rules;

public sealed class RuleExampleTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (string line in ReadCases("examples.txt"))
        {
            string[] parts = line.Split(" ⇒ ");
            data.Add(parts[0], parts[1] == "=" ? parts[0] : parts[1]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_rule_of_the_reference_compiles_and_has_a_canonical_form(string rule, string canonical)
    {
        RuleSet rules = Compile([Segment("test", rule), Segment("high-value", "exists(any)")]);

        rules.Segments.Count.ShouldBe(2);
        RuleSet.Format(rule).ShouldBe((canonical, null));
        Trees(canonical).ShouldBe(Trees(rule));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Spacing_comments_and_case_of_keywords_do_not_change_the_fingerprint(string rule, string canonical)
    {
        RuleSet written = Compile([Segment("test", rule), Segment("high-value", "exists(any)")]);
        RuleSet rewritten = Compile([Segment("high-value", "\n EXISTS( Any ) # all"), Segment("test", canonical)]);

        rewritten.Fingerprint.ShouldBe(written.Fingerprint);
    }

    [Theory]
    [InlineData("exists(a)", "exists(b)")]
    [InlineData("exists(a, 1d)", "exists(a, 2d)")]
    [InlineData("profile.x = \"a\"", "profile.x = \"A\"")]
    [InlineData("exists(a) and exists(b) or exists(c)", "exists(a) and (exists(b) or exists(c))")]
    public void Rules_that_mean_something_else_have_another_fingerprint(string one, string other) =>
        Compile(one).Fingerprint.ShouldNotBe(Compile(other).Fingerprint, StringComparer.Ordinal);

    private static string Trees(string rule) => SyntaxText.Describe(RuleParser.Parse(rule));
}
