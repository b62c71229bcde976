using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.EndToEnd.Tests;

/// <summary>What <c>docs/rules.md</c> shows as a rule is one.</summary>
public sealed class DocumentedRulesTests
{
    public static TheoryData<string> Rules => [.. RulesOf(File.ReadLines(Document))];

    private static string Document => Path.Combine(AppContext.BaseDirectory, "docs", "rules.md");

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_documented_rule_compiles(string rule)
    {
        var result = RuleSet.Compile(
            [Segment("shown", rule), Segment("high-value", "exists(any)")],
            RuleSetOptions.Default
        );

        var errors = result is RuleSetResult.Refused refused ? refused.Errors : [];
        errors.Select(error => error.Error.ToString()).ShouldBeEmpty();
    }

    private static SegmentDefinition Segment(string name, string rule) => new(new(name), "", rule, TimeSpan.Zero);

    private static IEnumerable<string> RulesOf(IEnumerable<string> lines)
    {
        bool isInside = false;
        foreach (string line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isInside = line == "```rule";
            }
            else if (isInside)
            {
                yield return line;
            }
        }
    }
}
