using StreamSegmenter.Oracle;
using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Segmentation.Rules.Parsing;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Tests.Rules.Support;

namespace StreamSegmenter.Segmentation.Tests.Rules.Syntax;

public sealed class SyntaxFormatterTests
{
    [Theory]
    [InlineData(CaseLevel.Basic, CaseScale.Days)]
    [InlineData(CaseLevel.Basic, CaseScale.Milliseconds)]
    [InlineData(CaseLevel.Full, CaseScale.Days)]
    [InlineData(CaseLevel.Full, CaseScale.Milliseconds)]
    public void Random_rules_written_back_parse_to_the_same_tree(CaseLevel level, CaseScale scale)
    {
        for (int seed = 0; seed < 250; seed++)
        {
            foreach (OracleSegment segment in RandomCases.Create(seed, level, scale).Segments)
            {
                ShouldComeBack(segment.Rule);
            }
        }
    }

    [Theory]
    [InlineData("sequence(a then b)")]
    [InlineData("sequence(a then not b where x = 1 within 2h then c total 30m, 7d) and exists(d)")]
    [InlineData("sequence(\"not\" then \"not\" then not \"not\" within 1h, after last(\"any\"))")]
    [InlineData("sequence(not.x then b, 7d offset 1d)")]
    [InlineData("exists(a where any((x), y or any(z, not (w for 1d))) and -x < --1)")]
    [InlineData("exists(a where (x or y) and not (not z))")]
    [InlineData("any((a + b), c)")]
    [InlineData("a - (b - c) - d = a / (b * c) / d")]
    [InlineData("(a = b) = (c in (1, -2, (3 + 4)))")]
    [InlineData("(a and b) and c or (d or e)")]
    [InlineData("0.0000000000000000000000000001 < 79228162514264337593543950335")]
    [InlineData("a.\"b c\"[].\"\".true.\"1\" is missing")]
    [InlineData("@a[][].b = 0ms")]
    public void A_rule_written_back_parses_to_the_same_tree(string rule) => ShouldComeBack(rule);

    private static void ShouldComeBack(string rule)
    {
        ExpressionSyntax tree = RuleParser.Parse(rule);
        string text = SyntaxFormatter.Format(tree);

        ExpressionSyntax again = RuleParser.Parse(text);
        SyntaxText.Describe(again).ShouldBe(SyntaxText.Describe(tree), $"{rule}\nwritten back as\n{text}");
        SyntaxFormatter.Format(again).ShouldBe(text);
    }
}
