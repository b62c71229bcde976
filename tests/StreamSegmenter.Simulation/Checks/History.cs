using System.Text;
using StreamSegmenter.Conformance.Expectations;
using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Checks;

/// <summary>
/// Holds what is in the store at the end to what the oracle works out from the log that is left.
/// </summary>
/// <param name="horizon">All shards' clocks have passed it: every earlier transition must be there.</param>
internal sealed class History(WorldParts world, DateTimeOffset horizon)
{
    private readonly StateLedger _ledger = world.Store.Ledger;
    private readonly List<OracleTransition> _expected = [];

    public void Check()
    {
        for (int shard = 0; shard < world.Partitions; shard++)
        {
            Check(new ShardId(shard));
        }

        Require(world.Announced.Count == world.Announced.Distinct().Count(), "I3: a transition was announced twice");
        Require(
            world.Announced.Count
                == world.Announced.Intersect(_ledger.Effects.SelectMany(c => c.Batch.Transitions)).Count(),
            "I3: a transition was announced that is not in the store"
        );
        new Writers(world).Check();
        new Deliveries(world, _expected).Check();
    }

    private void Check(ShardId shard)
    {
        IReadOnlyList<LogRecord> records = world.Log.Records(shard.Partition);
        ShardClock clock = new(records, [.. _ledger.Accepted(shard)]);
        List<OracleRecord> input = [.. records.Select(record => ToOracle(record, clock))];
        OracleResult oracle = OracleRun.Simulate(world.Case.Config, input, world.Scheduler.Now.AddMinutes(1));
        CheckTransitions(shard, oracle.Transitions);
        CheckDeadLetters(shard, records, [.. oracle.DeadLetters, .. oracle.UnreadConsents]);
        new States(world, shard, clock).Check(oracle);
    }

    private static OracleRecord ToOracle(LogRecord record, ShardClock clock) =>
        new(
            record.LogTime.Milliseconds,
            Encoding.UTF8.GetString(record.Payload.Span),
            clock.At(record.Position).Milliseconds
        );

    // I3. Beyond the horizon some may be there and some not yet; which are, must be right.
    private void CheckTransitions(ShardId shard, IReadOnlyList<OracleTransition> oracle)
    {
        List<OracleTransition> made =
        [
            .. Effects(shard).SelectMany(entry => entry.Effects!.Transitions).Select(OracleForm.ToOracle),
        ];
        HashSet<OracleTransition> expected = [.. oracle];
        HashSet<OracleTransition> actual = [.. made];
        foreach (OracleTransition one in made.Where(one => !expected.Contains(one)).Take(3))
        {
            world.Violations.Add($"I3: shard {shard} made {one}, which is not expected");
        }

        long latest = horizon.ToUnixTimeMilliseconds();
        foreach (OracleTransition one in oracle.Where(one => one.At < latest && !actual.Contains(one)).Take(3))
        {
            world.Violations.Add($"I3: shard {shard} did not make {one}");
        }

        Require(actual.Count == made.Count, $"I3: shard {shard} committed a transition twice");
        foreach (var history in made.GroupBy(one => (one.Customer, one.Segment)))
        {
            Require(
                history.Select((one, i) => one.Sequence == i + 1).All(inOrder => inOrder),
                $"I3: transitions of {history.Key} were not committed in order"
            );
        }

        CheckTimers(shard);
        _expected.AddRange(oracle.Where(actual.Contains));
    }

    // I8: never before its time, whatever the nodes' clocks say. That it comes, and once, is a part of I3.
    private void CheckTimers(ShardId shard)
    {
        foreach (StoreEntry entry in Effects(shard))
        {
            DateTimeOffset latest = entry.At + world.Faults.Profile.BrokerSkew;
            foreach (Transition one in entry.Effects!.Transitions)
            {
                Require(
                    one.At.Milliseconds <= latest.ToUnixTimeMilliseconds(),
                    $"I8: {one} was committed at {entry.At:O} already"
                );
            }
        }
    }

    // I1: every record that is no event, or says of consents what nobody can read, is in the dead letters, once, with
    // its place.
    private void CheckDeadLetters(
        ShardId shard,
        IReadOnlyList<LogRecord> records,
        IReadOnlyList<OracleDeadLetter> oracle
    )
    {
        string[] expected =
        [
            .. oracle
                .OrderBy(letter => letter.Line)
                .Select(letter => $"shard {shard} position {records[letter.Line - 1].Position}"),
        ];
        string[] actual = [.. Effects(shard).SelectMany(entry => entry.Effects!.DeadLetters).Select(l => l.Source)];
        Require(
            expected.SequenceEqual(actual, StringComparer.Ordinal),
            $"I1: shard {shard} has the dead letters [{string.Join(", ", actual)}], "
                + $"expected were [{string.Join(", ", expected)}]"
        );
    }

    private IEnumerable<StoreEntry> Effects(ShardId shard) =>
        _ledger.Accepted(shard).Where(entry => entry.Effects is not null);

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Violations.Add(otherwise);
        }
    }
}
