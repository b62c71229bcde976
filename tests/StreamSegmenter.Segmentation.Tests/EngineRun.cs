using System.Text;
using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Tests;

/// <summary>Runs the engine over the oracle's input and gives its transitions in the oracle's form.</summary>
internal static class EngineRun
{
    public static readonly ShardLimits Limits = new(
        EventLimits.Default,
        HotCustomers: 100,
        MaxTimelineEntries: 100_000
    );

    public static RuleSet Compile(OracleConfig config)
    {
        SegmentDefinition[] segments =
        [
            .. config.Segments.Select(s => new SegmentDefinition(new(s.Name), "", s.Rule, TimeSpan.Zero)),
        ];
        var zone = NodaTime.DateTimeZoneProviders.Tzdb[config.TimeZone.Id];
        return RuleSet.Compile(segments, new(zone, config.DedupeHorizon)) switch
        {
            RuleSetResult.Compiled compiled => compiled.Rules,
            RuleSetResult.Refused refused => throw new InvalidOperationException(string.Join("\n", refused.Errors)),
            _ => throw new InvalidOperationException(),
        };
    }

    public static IReadOnlyList<OracleTransition> Simulate(
        RuleSet rules,
        IEnumerable<string> lines,
        DateTimeOffset until,
        ShardLimits? limits = null
    )
    {
        var transitions = new List<OracleTransition>();
        var simulation = new Simulation(rules, limits ?? Limits, transition => transitions.Add(Convert(transition)));
        foreach (string line in lines)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                simulation.Feed(Encoding.UTF8.GetBytes(line));
            }
        }

        simulation.Finish(Timestamp.From(until));
        return transitions;
    }

    private static OracleTransition Convert(Transition t) =>
        new(
            t.At.Milliseconds,
            t.Customer.Value,
            t.Segment.Value,
            t.Kind == TransitionKind.Entered,
            t.Cause == TransitionCause.Event ? "event" : "time",
            t.MessageId,
            (int)t.Number
        );
}
