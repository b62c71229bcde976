using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;
using StreamSegmenter.Streams.Tests.Shards.Support;
using static StreamSegmenter.Streams.Tests.Shards.Support.Scripted;

namespace StreamSegmenter.Streams.Tests.Shards;

public sealed class CheckpointerTests
{
    private static readonly Task<CommitResult> Committed = Task.FromResult(CommitResult.Committed);

    private readonly ShardRig _rig = new([Segment("buyer", "count(purchase, 1h) >= 1")]);

    [Fact]
    public async Task A_checkpoint_that_failed_does_not_count_as_written()
    {
        CrashingStore store = new(_rig.Store, _rig.Log, _ => Fault.CrashBefore, default, _rig.Loop.Time);
        (Checkpointer checkpointer, ShardLease lease, SegmentationShard shard) = await OpenAsync(store);
        checkpointer.Start(lease, shard, new(1), "definitions", Committed);

        checkpointer.Idle.ShouldBeFalse();
        checkpointer.IsDue(shard).ShouldBeFalse();
        await Should.ThrowAsync<CrashedException>(async () => await checkpointer.ObserveAsync(lease));
        checkpointer.Idle.ShouldBeFalse();
    }

    [Fact]
    public async Task A_checkpoint_is_due_when_enough_customers_changed_or_enough_time_passed()
    {
        (Checkpointer checkpointer, ShardLease lease, SegmentationShard shard) = await OpenAsync(_rig.Store.Committer);
        checkpointer.IsDue(shard).ShouldBeFalse();
        Apply(shard, "u2");
        checkpointer.IsDue(shard).ShouldBeTrue();
        checkpointer.Start(lease, shard, new(2), "definitions", Committed);
        await checkpointer.ObserveAsync(lease);
        checkpointer.Idle.ShouldBeTrue();

        _rig.Loop.Time.Advance(TimeSpan.FromMinutes(1));
        checkpointer.IsDue(shard).ShouldBeFalse();
        Apply(shard, "u1");
        checkpointer.IsDue(shard).ShouldBeTrue();
        (await _rig.Store.Ownership.AcquireAsync(new(0), 1, "me", default)).CheckpointPosition.ShouldBe(
            new LogPosition(2)
        );
    }

    [Fact]
    public async Task A_checkpoint_waits_for_the_effects_before_it()
    {
        List<StoreCall> calls = [];
        (Checkpointer checkpointer, ShardLease lease, SegmentationShard shard) = await OpenAsync(Noting(calls));
        TaskCompletionSource<CommitResult> effects = new();
        checkpointer.Start(lease, shard, new(1), "definitions", effects.Task);
        calls.ShouldBeEmpty();

        effects.SetResult(CommitResult.Committed);
        await checkpointer.CompleteAsync(lease);
        calls.ShouldBe([StoreCall.Checkpoint]);
    }

    [Fact]
    public async Task A_checkpoint_of_effects_that_were_refused_or_lost_is_not_written()
    {
        List<StoreCall> calls = [];
        (Checkpointer checkpointer, ShardLease lease, SegmentationShard shard) = await OpenAsync(Noting(calls));
        checkpointer.Start(lease, shard, new(1), "definitions", Task.FromResult(CommitResult.Fenced));
        await Should.ThrowAsync<ShardFencedException>(async () => await checkpointer.CompleteAsync(lease));

        checkpointer.Start(
            lease,
            shard,
            new(1),
            "definitions",
            Task.FromException<CommitResult>(new CrashedException())
        );
        await Should.ThrowAsync<CrashedException>(async () => await checkpointer.CompleteAsync(lease));
        calls.ShouldBeEmpty();
    }

    private CrashingStore Noting(List<StoreCall> calls) =>
        new(
            _rig.Store,
            _rig.Log,
            call =>
            {
                calls.Add(call);
                return Fault.None;
            },
            default,
            _rig.Loop.Time
        );

    /// <summary>With one changed customer; two make a checkpoint due.</summary>
    private async Task<(Checkpointer, ShardLease, SegmentationShard)> OpenAsync(IShardCommitter committer)
    {
        ShardOptions options = new() { CheckpointCustomers = 2, CheckpointInterval = TimeSpan.FromSeconds(5) };
        EffectCollector effects = new(_rig.Segments, nextSequence: 1);
        SegmentationShard shard = new(_rig.Rules, new(EventLimits.Default, 10, 10), effects);
        Apply(shard, "u1");
        ShardStart start = await _rig.Store.Ownership.AcquireAsync(new(0), 1, "me", default);
        return (new(options, committer, _rig.Loop.Time), start.Lease, shard);
    }

    private void Apply(SegmentationShard shard, string customer)
    {
        NewRecord record = Track(customer, "purchase");
        shard.Apply(_rig.Now, record.Customer, record.Payload).Outcome.ShouldBe(ApplyOutcome.Applied);
    }
}
