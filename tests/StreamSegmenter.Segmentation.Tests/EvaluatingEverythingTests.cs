using System.Text;
using StreamSegmenter.Oracle;
using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Tests;

/// <summary>
/// Evaluating only what may have changed is an optimisation: it leaves no trace, not even in a stored byte.
/// </summary>
public sealed class EvaluatingEverythingTests
{
    [Theory]
    [InlineData(CaseScale.Days)]
    [InlineData(CaseScale.Milliseconds)]
    public void Only_what_changed_gives_the_transitions_and_the_bytes_of_evaluating_everything(CaseScale scale)
    {
        for (int seed = 0; seed < EngineAgainstOracleTests.Cases / 3; seed++)
        {
            RandomCase @case = RandomCases.Create(seed, CaseLevel.Full, scale);
            if (!IsLoadable(@case))
            {
                continue;
            }

            RuleSet rules = EngineRun.Compile(@case.Config);
            string some = Run(rules, @case, everything: false);
            string all = Run(rules, @case, everything: true);
            if (some != all)
            {
                Assert.Fail($"{scale}: {@case}\n\nonly what changed\n{some}\n\neverything\n{all}");
            }
        }
    }

    private static bool IsLoadable(RandomCase @case)
    {
        try
        {
            OracleRun.Check(@case.Config);
            return true;
        }
        catch (OracleLoadException)
        {
            return false;
        }
    }

    private static string Run(RuleSet rules, RandomCase @case, bool everything)
    {
        var log = new Log();
        var shard = new SegmentationShard(rules, EngineRun.Limits, log) { EvaluatesEverything = everything };
        var decoder = new EventDecoder(EngineRun.Limits.Events);
        Timestamp now = Timestamp.Beginning;
        foreach (byte[] line in @case.Lines.Select(Encoding.UTF8.GetBytes))
        {
            if (
                decoder.TryDecode(line, out EventView view, out _)
                && (view.ReceivedAt ?? view.EventTime(null)) is { } received
            )
            {
                now = Timestamp.Max(now, received);
                view.TryGetCustomer(out CustomerId customer);
                shard.Apply(now, customer, view);
            }
        }

        now = Timestamp.Max(now, Timestamp.From(@case.Until));
        shard.AdvanceThrough(now);

        // Whoever was evaluated less often may wait for an instant that turns out to change nothing. So one more event
        // makes both look at everything, which finds what was overlooked, too.
        shard.EvaluatesEverything = true;
        foreach (CustomerId customer in shard.Residents.ToArray())
        {
            shard.Apply(now, customer, Encoding.UTF8.GetBytes($$"""{"type":"screen","userId":"{{customer}}"}"""));
        }

        IEnumerable<string> states = shard
            .TakeChanged()
            .OrderBy(packed => packed.Customer)
            .Select(packed => $"{packed.Customer} {packed.NextDue} {Convert.ToHexString(packed.State.Span)}");
        return string.Join('\n', log.Lines.Concat(states));
    }

    private sealed class Log : ITransitionSink
    {
        public List<string> Lines { get; } = [];

        public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) =>
            Lines.Add($"{transition} {pushes}");
    }
}
