using System.Text;
using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Checks;

/// <summary>
/// I2: what is stored of every customer at the end is, byte for byte, what one shard without crashes and in one piece
/// makes of the same log; and who is in which segment is what the oracle says. I1: that shard counts every record once.
/// </summary>
internal sealed class States(WorldParts world, ShardId shard, ShardClock clock) : ITransitionSink
{
    private static readonly ShardLimits Limits = new(EventLimits.Default.BehindIngest(), 100_000, 100_000);

    private readonly StateServer _store = world.Store;

    public void Check(OracleResult oracle)
    {
        IReadOnlyList<LogRecord> records = world.Log.Records(shard.Partition);
        SegmentationShard fresh = new(world.Rules, Limits, this);
        RecordTotals totals = Replay(fresh, records);
        Require(totals.Applied + totals.Duplicates + totals.Rejected == records.Count, "I1: counts every record once");
        Require(totals.Rejected == oracle.DeadLetters.Count, "I1: rejects what the oracle rejects");

        CustomerId[] customers = [.. records.Select(record => record.Customer).Distinct()];
        Dictionary<CustomerId, StoredCustomer> stored = _store
            .Load(shard, customers)
            .ToDictionary(customer => customer.Customer);
        foreach (PackedCustomer packed in fresh.TakeChanged().Where(packed => !packed.State.IsEmpty))
        {
            StoredCustomer one = stored.Remove(packed.Customer, out StoredCustomer found)
                ? found
                : new(packed.Customer, Timestamp.Never, default);
            Require(
                one.State.Span.SequenceEqual(packed.State.Span)
                    || Probe(fresh.Now, packed.Customer, one.State)
                        .SequenceEqual(Probe(fresh.Now, packed.Customer, packed.State)),
                $"I2: stores {packed.Customer} as it is"
            );
            Require(one.NextDue == packed.NextDue, $"I2: knows when {packed.Customer} is due next");
        }

        Require(stored.Count == 0, $"I2: stores nobody else than it should, not {string.Join(", ", stored.Keys)}");
        CheckMemberships(customers, oracle);
    }

    public void OnTransition(Transition transition, CustomerProfile profile, JsonCursor @event, bool pushes) { }

    private RecordTotals Replay(SegmentationShard fresh, IReadOnlyList<LogRecord> records)
    {
        RecordTotals totals = default;
        int tick = 0;
        foreach (LogRecord record in records)
        {
            for (; tick < clock.Ticks.Count && clock.Ticks[tick].Position <= record.Position; tick++)
            {
                Move(fresh, clock.Ticks[tick].Now);
            }

            ApplyResult result = fresh.Apply(record.LogTime, record.Customer, record.Payload);
            totals = new(
                totals.Applied + (result.Outcome == ApplyOutcome.Applied ? 1 : 0),
                totals.Duplicates + (result.Outcome == ApplyOutcome.Duplicate ? 1 : 0),
                totals.Rejected + (result.Outcome == ApplyOutcome.Rejected ? 1 : 0)
            );
        }

        for (; tick < clock.Ticks.Count; tick++)
        {
            Move(fresh, clock.Ticks[tick].Now);
        }

        return totals;
    }

    // A duplicate may, or may not, have made the customer forget what need not be remembered any more. One more event,
    // and nothing is left of that.
    private byte[] Probe(Timestamp now, CustomerId customer, ReadOnlyMemory<byte> state)
    {
        SegmentationShard probed = new(world.Rules, Limits, this);
        if (!state.IsEmpty)
        {
            probed.Admit(customer, state, Timestamp.Never);
        }

        probed.Resume(now);
        byte[] payload = Encoding.UTF8.GetBytes(
            $$"""{"type":"track","event":"probe","userId":"{{customer}}","messageId":"a probe"}"""
        );
        probed.Apply(now, customer, payload);
        return probed.TakeChanged()[0].State.ToArray();
    }

    private static void Move(SegmentationShard fresh, Timestamp now)
    {
        fresh.AdvanceBefore(now);
        fresh.Resume(now);
    }

    // Where the clock stands at the end, memberships are those after all transitions that were made.
    private void CheckMemberships(CustomerId[] customers, OracleResult oracle)
    {
        HashSet<(string, string)> made =
        [
            .. _store
                .Ledger.Accepted(shard)
                .SelectMany(entry => entry.Effects?.Transitions ?? [])
                .Select(one => (one.Customer.Value, $"{one.Segment.Value} {one.Number}")),
        ];
        var expected = oracle
            .Transitions.Where(one => made.Contains((one.Customer, $"{one.Segment} {one.Sequence}")))
            .GroupBy(one => (one.Customer, one.Segment))
            .Where(history => history.MaxBy(one => one.Sequence)!.Entered)
            .Select(history => history.Key)
            .ToHashSet();
        foreach (CustomerId customer in customers)
        {
            foreach (Membership membership in _store.Memberships(customer))
            {
                Require(
                    expected.Remove((customer.Value, membership.Segment.Value)),
                    $"I2: has {customer} in {membership.Segment} rightly"
                );
            }
        }

        Require(expected.Count == 0, $"I2: has everybody in who should be, {string.Join(", ", expected)} too");
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            world.Violations.Add($"{what[..2]}: this is not so: shard {shard}{what[3..]}");
        }
    }

    private readonly record struct RecordTotals(int Applied, int Duplicates, int Rejected);
}
