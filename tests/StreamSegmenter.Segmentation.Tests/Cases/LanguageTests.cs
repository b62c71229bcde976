using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Tests.Rules.Support;

namespace StreamSegmenter.Segmentation.Tests.Cases;

/// <summary>The whole language, a line for each behaviour, on the engine and on the oracle.</summary>
public sealed class LanguageTests
{
    private static readonly IReadOnlyDictionary<string, LanguageCase> Cases = LanguageCase.ReadAll();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_engine_and_the_oracle_do_what_the_line_says(string name)
    {
        LanguageCase @case = Cases[name];
        if (@case.Refusal is { } refusal)
        {
            Should.Throw<OracleLoadException>(() => OracleRun.Check(@case.Config), "the oracle");
            (string expected, string actual) = Refuse(@case.Config, refusal);
            actual.ShouldBe(expected, "the engine");
            return;
        }

        CaseTimeline timeline = CaseTimeline.Parse(@case.Expectation);
        DateTimeOffset last = timeline.Last > @case.Events.Last ? timeline.Last : @case.Events.Last;
        DateTimeOffset until = last + TimeSpan.FromDays(800);
        OracleResult worked = OracleRun.Simulate(@case.Config, @case.Events.Lines, until);
        worked.DeadLetters.ShouldBeEmpty();
        Agree(timeline, worked.Transitions, "the oracle");
        RuleSet rules = EngineRun.Compile(@case.Config);
        Agree(timeline, EngineRun.Simulate(rules, @case.Events.Lines, until), "the engine");
    }

    [Fact]
    public void There_are_hundreds_of_them() => Cases.Count.ShouldBeGreaterThan(250);

    private static void Agree(CaseTimeline timeline, IReadOnlyList<OracleTransition> transitions, string who)
    {
        (string expected, string actual) = timeline.Compare(transitions);
        actual.ShouldBe(expected, who);
    }

    /// <summary>Words of a message are enough: <c>RuleErrorTests</c> holds every message to its text.</summary>
    private static (string Expected, string Actual) Refuse(OracleConfig config, string refusal)
    {
        var segments = config.Segments.Select(static segment => RuleTexts.Segment(segment.Name, segment.Rule));
        RuleError error = RuleTexts.Refuse([.. segments])[0].Error;
        string actual = $"{error.Place.Line}:{error.Place.Column} {error.Message}";
        int blank = refusal.IndexOf(' ', StringComparison.Ordinal);
        bool isExpected =
            actual.StartsWith(refusal[..(blank + 1)], StringComparison.Ordinal)
            && actual.Contains(refusal[(blank + 1)..], StringComparison.Ordinal);
        return (refusal, isExpected ? refusal : actual);
    }
}
