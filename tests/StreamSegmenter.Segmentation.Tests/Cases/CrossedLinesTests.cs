using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Tests.Cases;

/// <summary>Rules meet events that nobody had in mind when they were written.</summary>
public sealed class CrossedLinesTests
{
    private static readonly LanguageCase[] Accepted =
    [
        .. LanguageCase.ReadAll().Values.Where(static @case => @case.Refusal is null),
    ];

    // A prime: over all rules, every stream has its turn. STREAMSEGMENTER_STRIDE=1 tries all pairs, in a minute.
    private static readonly int Stride = int.Parse(
        Environment.GetEnvironmentVariable("STREAMSEGMENTER_STRIDE") ?? "61",
        System.Globalization.CultureInfo.InvariantCulture
    );

    [Fact]
    public void The_rule_of_a_line_and_the_events_of_another_give_the_oracles_transitions()
    {
        int pair = 0;
        foreach (LanguageCase rule in Accepted)
        {
            RuleSet rules = EngineRun.Compile(rule.Config);
            foreach (LanguageCase events in Accepted.Where(_ => pair++ % Stride == 0))
            {
                DateTimeOffset until = events.Events.Last + TimeSpan.FromDays(70);
                OracleResult expected = OracleRun.Simulate(rule.Config, events.Events.Lines, until);

                EngineRun
                    .Simulate(rules, events.Events.Lines, until)
                    .ShouldBe(expected.Transitions, $"rule of '{rule.Name}', events of '{events.Name}'");
            }
        }
    }
}
