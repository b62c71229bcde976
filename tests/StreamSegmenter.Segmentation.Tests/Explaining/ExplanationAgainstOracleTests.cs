using System.Text;
using StreamSegmenter.Oracle;
using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Explaining;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Tests.Explaining;

/// <summary>What an explanation foretells is what the oracle sees happen when no further event comes.</summary>
public sealed class ExplanationAgainstOracleTests
{
    [Theory]
    [InlineData(CaseScale.Days, 3 * 365 * 86_400_000L)]
    [InlineData(CaseScale.Milliseconds, 5_000)]
    public void An_explanation_names_the_transition_that_comes_next(CaseScale scale, long future)
    {
        int foretold = 0;
        for (int seed = 0; seed < EngineAgainstOracleTests.Cases / 5; seed++)
        {
            RandomCase @case = RandomCases.Create(seed, CaseLevel.Full, scale);
            // Some explanations are of the end of a stream, some of the middle of it, with or without time gone by.
            var random = new Random(seed);
            @case = @case with { Lines = [.. @case.Lines.Take(random.Next(1, @case.Lines.Count + 1))] };
            long pause = random.Next(3) == 0 ? random.NextInt64(future / 100) : 0;
            foretold += Compare(@case, pause, future);
        }

        foretold.ShouldBeGreaterThan(EngineAgainstOracleTests.Cases / 30, "explanations that foretell nothing");
    }

    private static int Compare(RandomCase @case, long pause, long future)
    {
        try
        {
            OracleRun.Check(@case.Config);
        }
        catch (OracleLoadException)
        {
            return 0;
        }

        RuleSet rules = EngineRun.Compile(@case.Config);
        var seen = new HashSet<CustomerId>();
        var simulation = new Simulation(rules, EngineRun.Limits, transition => seen.Add(transition.Customer));
        foreach (string line in @case.Lines)
        {
            simulation.Feed(Encoding.UTF8.GetBytes(line));
        }

        if (simulation.Now == Timestamp.Beginning)
        {
            return 0;
        }

        simulation.Finish(simulation.Now.Plus(pause));
        IReadOnlyList<OracleTransition> transitions = OracleRun
            .Simulate(@case.Config, @case.Lines, simulation.Now.Plus(future).ToDateTimeOffset())
            .Transitions;
        int foretold = 0;
        foreach (SegmentDefinition segment in rules.Segments)
        {
            foreach (CustomerId customer in seen)
            {
                foretold += Compare(@case, simulation, (customer, segment.Name), transitions, future);
            }
        }

        return foretold;
    }

    private static int Compare(
        RandomCase @case,
        Simulation simulation,
        (CustomerId Customer, SegmentName Segment) of,
        IReadOnlyList<OracleTransition> transitions,
        long future
    )
    {
        Explanation explanation = simulation.Explain(of.Customer, of.Segment).ShouldNotBeNull();
        long now = simulation.Now.Milliseconds;
        OracleTransition[] own =
        [
            .. transitions.Where(t => t.Customer == of.Customer.Value && t.Segment == of.Segment.Value),
        ];
        OracleTransition? last = own.LastOrDefault(t => t.At <= now);
        OracleTransition? next = own.FirstOrDefault(t => t.At > now);
        long? changesAt = explanation.ChangesAt is { } at && at.Milliseconds <= now + future ? at.Milliseconds : null;

        bool fits =
            explanation.At == simulation.Now
            && explanation.IsMember == (last?.Entered ?? false)
            && explanation.Since?.Milliseconds == last?.At
            && changesAt == next?.At
            && explanation.Rule.Value == (explanation.IsMember ? "true" : "false")
            && explanation.Rule.ChangesAt == explanation.ChangesAt;
        if (!fits)
        {
            Assert.Fail(
                $"{@case}\n\n{explanation}\n\nthe oracle: last {last}, next {next} ({new Timestamp(next?.At ?? 0)})"
            );
        }

        return next is null ? 0 : 1;
    }
}
