using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>Who owns a shard, and where it goes on.</summary>
public abstract class OwnershipConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    [Fact]
    public async Task A_new_shard_starts_at_the_beginning()
    {
        ShardStart start = await AcquireAsync();

        start.Lease.Shard.ShouldBe(Shard);
        start.CheckpointPosition.ShouldBe(LogPosition.Start);
        start.EffectsPosition.ShouldBe(LogPosition.Start);
        start.Now.ShouldBe(Timestamp.Beginning);
        start.Ticks.ShouldBeEmpty();
        start.Definitions.ShouldBe("");
        start.NextOutboxSequence.ShouldBe(1);
    }

    [Fact]
    public async Task Each_owner_gets_a_higher_epoch()
    {
        OwnerEpoch first = (await LeaseAsync()).Epoch;
        await Store.ReopenAsync();
        OwnerEpoch second = (await LeaseAsync()).Epoch;

        second.Value.ShouldBeGreaterThan(first.Value);
    }

    [Fact]
    public async Task The_last_owner_is_known_by_its_name()
    {
        (await Store.Ownership.FindOwnerAsync(Shard, default)).ShouldBeNull();

        await AcquireAsync(owner: "http://a:8081");
        await AcquireAsync(owner: "http://b:8081");
        await Store.ReopenAsync();

        (await Store.Ownership.FindOwnerAsync(Shard, default)).ShouldBe("http://b:8081");
    }

    [Fact]
    public async Task An_earlier_owner_can_commit_nothing()
    {
        ShardLease old = await LeaseAsync();
        ShardLease current = await LeaseAsync();

        (await CheckpointAsync(old, 5, Noon, Customer("u1"))).ShouldBe(CommitResult.Fenced);
        (await EffectsAsync(old, 5, [new(new(4), Noon)], [Move("u1", "vip", 1)], [Push("p1", 1)])).ShouldBe(
            CommitResult.Fenced
        );

        (await Store.Customers.LoadAsync(Shard, [new("u1")], default)).ShouldBeEmpty();
        (await TransitionsAsync()).ShouldBeEmpty();
        (await SegmentsOfAsync("u1")).ShouldBeEmpty();
        (await PendingAsync()).ShouldBeEmpty();
        (await CheckpointAsync(current, 1)).ShouldBe(CommitResult.Committed);
        ShardStart start = await AcquireAsync();
        start.CheckpointPosition.ShouldBe(new LogPosition(1));
        start.EffectsPosition.ShouldBe(LogPosition.Start);
        start.Ticks.ShouldBeEmpty();
        start.NextOutboxSequence.ShouldBe(1);
    }

    [Fact]
    public async Task Somebody_who_never_owned_the_shard_can_commit_nothing()
    {
        ShardLease invented = new(Shard, new OwnerEpoch(1));

        (await CheckpointAsync(invented, 1)).ShouldBe(CommitResult.Fenced);
        (await EffectsAsync(invented, 1)).ShouldBe(CommitResult.Fenced);
    }

    [Fact]
    public async Task Taking_one_shard_fences_no_other()
    {
        ShardLease mine = await LeaseAsync(new ShardId(0));
        await LeaseAsync(new ShardId(2));

        (await EffectsAsync(mine, 3)).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task The_partition_count_is_pinned_by_the_first_owner()
    {
        await Store.Ownership.AcquireAsync(new(0), 4, "me", default);
        await Store.ReopenAsync();

        await Should.ThrowAsync<InvalidOperationException>(async () =>
            await Store.Ownership.AcquireAsync(new(0), 8, "me", default)
        );
        (await Store.Ownership.AcquireAsync(new(0), 4, "me", default)).Lease.Epoch.Value.ShouldBe(2);
    }

    [Fact]
    public async Task The_partition_count_may_be_pinned_before_there_is_an_owner()
    {
        await Store.PinAsync(4);
        await Store.ReopenAsync();

        await Store.PinAsync(4);
        await Should.ThrowAsync<InvalidOperationException>(async () => await Store.PinAsync(8));
        await Should.ThrowAsync<InvalidOperationException>(async () =>
            await Store.Ownership.AcquireAsync(new(0), 8, "me", default)
        );
        (await Store.Ownership.AcquireAsync(new(0), 4, "me", default)).Lease.Epoch.Value.ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_outside_the_partitions_is_refused()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Store.Ownership.AcquireAsync(new(4), 4, "me", default)
        );
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Store.Ownership.AcquireAsync(new(-1), 4, "me", default)
        );
    }

    [Fact]
    public async Task The_next_owner_goes_on_where_the_last_one_committed()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(lease, 20, pushes: [Push("p1", 1), Push("p2", 2)]);
        await CheckpointAsync(lease, 15, Noon.Plus(7));
        await Store.ReopenAsync();

        ShardStart start = await AcquireAsync();
        start.CheckpointPosition.ShouldBe(new LogPosition(15));
        start.Now.ShouldBe(Noon.Plus(7));
        start.EffectsPosition.ShouldBe(new LogPosition(20));
        start.Definitions.ShouldBe("definitions");
        start.NextOutboxSequence.ShouldBe(3);
    }

    [Fact]
    public async Task Ticks_after_the_checkpoint_come_back_in_order()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(lease, 11, [new(new(10), Noon), new(new(10), Noon.Plus(5))]);
        await EffectsAsync(lease, 13, [new(new(12), Noon.Plus(9))]);
        await Store.ReopenAsync();

        (await AcquireAsync()).Ticks.ShouldBe([
            new(new(10), Noon),
            new(new(10), Noon.Plus(5)),
            new(new(12), Noon.Plus(9)),
        ]);
    }

    [Fact]
    public async Task Ticks_that_a_checkpoint_covers_are_gone()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(
            lease,
            12,
            [new(new(9), Noon), new(new(10), Noon.Plus(5)), new(new(10), Noon.Plus(6)), new(new(11), Noon.Plus(7))]
        );

        // At position 10 and a clock of +5 the first two have been taken; the third came after.
        await CheckpointAsync(lease, 10, Noon.Plus(5));

        (await AcquireAsync()).Ticks.ShouldBe([new(new(10), Noon.Plus(6)), new(new(11), Noon.Plus(7))]);
    }

    [Fact]
    public async Task A_tick_journalled_after_the_checkpoint_that_covers_it_is_not_repeated()
    {
        ShardLease lease = await LeaseAsync();
        await CheckpointAsync(lease, 10, Noon.Plus(5));
        await EffectsAsync(lease, 10, [new(new(10), Noon.Plus(5)), new(new(10), Noon.Plus(6))]);

        (await AcquireAsync()).Ticks.ShouldBe([new(new(10), Noon.Plus(6))]);
    }

    [Fact]
    public async Task Shards_keep_their_ticks_apart()
    {
        ShardLease one = await LeaseAsync(new ShardId(0));
        ShardLease two = await LeaseAsync(new ShardId(2));
        await EffectsAsync(one, 5, [new(new(4), Noon)]);
        await CheckpointAsync(two, 100, Noon.Plus(100));

        (await AcquireAsync(new ShardId(0))).Ticks.ShouldBe([new(new(4), Noon)]);
        (await AcquireAsync(new ShardId(2))).Ticks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_who_take_a_shard_at_once_only_the_last_can_commit()
    {
        ShardLease[] leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => LeaseAsync())));

        leases.Select(lease => lease.Epoch.Value).Distinct().Count().ShouldBe(20);
        long last = leases.Max(lease => lease.Epoch.Value);
        CommitResult[] results = await Task.WhenAll(leases.Select(lease => Task.Run(() => EffectsAsync(lease, 1))));
        leases
            .Zip(results)
            .ShouldAllBe(pair => (pair.First.Epoch.Value == last) == (pair.Second == CommitResult.Committed));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        ShardLease lease = await LeaseAsync();
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Store.Ownership.AcquireAsync(Shard, PartitionCount, "me", source.Token)
        );
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Store.Committer.CommitEffectsAsync(lease, new(new(9), [], [], []), source.Token)
        );
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Store.Committer.CommitCheckpointAsync(lease, new(new(9), Noon, "", []), source.Token)
        );

        (await CheckpointAsync(lease, 1)).ShouldBe(CommitResult.Committed);
        (await AcquireAsync()).EffectsPosition.ShouldBe(LogPosition.Start);
    }
}
