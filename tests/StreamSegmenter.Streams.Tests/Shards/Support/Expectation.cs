using System.Text;
using System.Text.Json;
using StreamSegmenter.Conformance.Expectations;
using StreamSegmenter.Oracle;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>What must be in the store after a life, worked out from the oracle's transitions.</summary>
internal sealed class Expectation(
    ShardRig rig,
    int partitions,
    IReadOnlyList<OracleRecord> records,
    OracleResult oracle
)
{
    public void Check()
    {
        List<OracleTransition> actual = [.. rig.Transitions().Select(OracleForm.ToOracle)];
        actual.Except(oracle.Transitions).ShouldBeEmpty("made, but not expected");
        oracle.Transitions.Except(actual).ShouldBeEmpty("expected, but not made");
        actual.ShouldBe(oracle.Transitions);
        rig.Observed.ShouldBeUnique();
        rig.Observed.Select(OracleForm.ToOracle).Except(actual).ShouldBeEmpty();
        CheckDeadLetters();
        CheckPushes();
        CheckCounts();
    }

    private void CheckDeadLetters() =>
        rig.DeadLetters()
            .Select(letter => Encoding.UTF8.GetString(letter.Payload.Span))
            .ShouldBe(
                oracle.DeadLetters.Concat(oracle.UnreadConsents).Select(letter => letter.Text),
                ignoreOrder: true
            );

    private void CheckPushes()
    {
        List<PendingPush> pushes = [.. Enumerable.Range(0, partitions).SelectMany(rig.Pushes)];
        pushes
            .Select(push => push.Push.Id)
            .ShouldBe(ExpectedPushes.Of(oracle.Transitions, rig.Segments), ignoreOrder: true);
        foreach (var shard in pushes.GroupBy(push => push.Place.Shard))
        {
            shard.Select(push => push.Place.Sequence).ShouldBe(Enumerable.Range(1, shard.Count()).Select(i => (long)i));
            shard.Select(push => push.MadeAt).ShouldBeInOrder();
            shard.ShouldAllBe(push =>
                Murmur2.PartitionOf(push.Push.Customer, partitions) == push.Place.Shard.Partition
            );
        }

        foreach (PendingPush push in pushes)
        {
            JsonElement transition = Scripted.Json(push.Push.Content).GetProperty("transition");
            transition.GetProperty("at").GetString().ShouldBe(push.MadeAt.ToString());
        }
    }

    // A process that has seen the whole log has counted every record once.
    private void CheckCounts()
    {
        ShardRig again = new(rig.Segments, partitions) { Log = rig.Memory };
        again.Define(rig.Segments, rig.Rules.Options);
        again.BeginAt(rig.Loop.Time.GetUtcNow());
        RecordCounts total = default;
        for (int shard = 0; shard < partitions; shard++)
        {
            RunningShard running = again.Start(shard);
            running.Stop();
            RecordCounts counts = running.Runner.Counts;
            total = total with
            {
                Applied = total.Applied + counts.Applied,
                Duplicates = total.Duplicates + counts.Duplicates,
                Rejected = total.Rejected + counts.Rejected,
            };
        }

        (total.Applied + total.Duplicates + total.Rejected).ShouldBe(records.Count);
        total.Rejected.ShouldBe(oracle.DeadLetters.Count);
        again.History().ShouldBe(rig.History());
    }
}
