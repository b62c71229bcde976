using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Cmd.Tests.Support;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Tests.Documents;

/// <summary>What the reference of the rules says of its examples is so.</summary>
public sealed class RulesTests : IDisposable
{
    private const string Page = "rules.md";

    private static readonly string[] Constructs =
    [
        "count(",
        "sum(",
        "avg(",
        "min(",
        "max(",
        "distinct(",
        "first(",
        "last(",
        "mode(",
        "exists(",
        "days(",
        "since(",
        "since_first(",
        "any(",
        "sequence(",
        " then ",
        " within ",
        " total ",
        "in(",
        "profile.",
        "@",
        "[]",
        " where ",
        " offset ",
        "after last(",
        "after first(",
        "this day",
        "this week",
        "this month",
        "this year",
        ", ever",
        " and ",
        " or ",
        "not ",
        " for ",
        " in (",
        " not in ",
        " contains ",
        " starts with ",
        " ends with ",
        " matches ",
        " is missing",
        " is present",
        " = ",
        " != ",
        " < ",
        " > ",
        " >= ",
        " + ",
        " - ",
        " * ",
        " / ",
    ];

    private readonly Workplace _workplace = new();

    public static TheoryData<string> Refused => [.. Lines("rule refused")];

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task Examples_are_true_and_false_for_Ann_as_the_page_says()
    {
        var config = new StringBuilder("segments {\n  high-value { rule = \"exists(any)\" }\n");
        var cases = new StringBuilder("config = \"ann.conf\"\ncases {\n");
        int number = 0;
        foreach (var (rule, says) in Lines("rule").Select(Verdict).Where(static verdict => verdict.Says is not null))
        {
            var segment = string.Create(CultureInfo.InvariantCulture, $"s{++number}");
            config.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {segment} {{ rule = {JsonSerializer.Serialize(rule)} }}"
            );
            cases.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {JsonSerializer.Serialize(rule)} {{ {Document.Blocks(Page, "hocon")[0]}\n"
                    + $"    segment = {segment}, expect = [ {{ {(says == "true" ? "in" : "out")} = 60d }} ] }}"
            );
        }

        _workplace.Write("ann.conf", config.Append('}').ToString());
        var answer = await SegctlRun.InProcessAsync(
            default,
            "test",
            _workplace.Write("ann.cases.conf", cases.Append('}').ToString())
        );

        answer.ExitCode.ShouldBe(0, answer.Output + answer.Error);
        number.ShouldBeGreaterThan(40);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_the_page_calls_refused_is_refused_with_those_words(string line)
    {
        var parts = line.Split(" # ");
        var (rule, says) = (parts[0].TrimEnd(), parts[1]);
        SegmentDefinition[] segments =
        [
            new(new("shown"), "", rule, TimeSpan.Zero),
            new(new("high-value"), "", "exists(any)", TimeSpan.Zero),
        ];

        var refused = RuleSet.Compile(segments, RuleSetOptions.Default).ShouldBeOfType<RuleSetResult.Refused>();

        refused.Errors[0].Error.Message.ShouldContain(says, Case.Sensitive);
    }

    [Fact]
    public void Every_construct_has_an_example()
    {
        var examples = string.Join('\n', Lines("rule"));

        Constructs.Where(construct => !examples.Contains(construct, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static (string Rule, string? Says) Verdict(string line) =>
        line.Split(" # ") is [var rule, ("true" or "false") and var says] ? (rule.TrimEnd(), says) : (line, null);

    private static IEnumerable<string> Lines(string language) =>
        Document.Blocks(Page, language).SelectMany(static block => block.Split('\n'));
}
