using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.State;

/// <summary>Transitions, memberships and what commits together with them.</summary>
public abstract class EffectsConformance<TFixture> : StateStoreSuite<TFixture>
    where TFixture : StateStoreFixture, new()
{
    [Fact]
    public async Task A_commit_brings_position_transitions_memberships_pushes_and_ticks_together()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(lease, 8, [new(new(7), Noon)], [Move("u1", "vip", 1)], [Push("p1", 1)]);
        await Store.ReopenAsync();

        ShardStart start = await AcquireAsync();
        start.EffectsPosition.ShouldBe(new LogPosition(8));
        start.NextOutboxSequence.ShouldBe(2);
        start.Ticks.ShouldBe([new(new(7), Noon)]);
        (await TransitionsAsync()).ShouldBe([Move("u1", "vip", 1)]);
        (await SegmentsOfAsync("u1")).ShouldBe(["vip"]);
        (await PendingAsync()).ShouldBe(["p1"]);
    }

    [Fact]
    public async Task An_empty_commit_moves_the_position()
    {
        ShardLease lease = await LeaseAsync();
        (await EffectsAsync(lease, 5)).ShouldBe(CommitResult.Committed);

        (await AcquireAsync()).EffectsPosition.ShouldBe(new LogPosition(5));
    }

    [Fact]
    public async Task A_repeated_commit_changes_nothing()
    {
        ShardLease lease = await LeaseAsync();
        Transition[] history = [Move("u1", "vip", 1), Move("u1", "vip", 2, Noon.Plus(1)), Move("u2", "vip", 1)];
        for (int i = 0; i < 3; i++)
        {
            (await EffectsAsync(lease, 8, [new(new(7), Noon)], history, [Push("p1", 1), Push("p2", 2)])).ShouldBe(
                CommitResult.Committed
            );
        }

        (await TransitionsAsync()).Count.ShouldBe(3);
        (await SegmentsOfAsync("u1")).ShouldBeEmpty();
        (await SegmentsOfAsync("u2")).ShouldBe(["vip"]);
        (await CountsAsync()).ShouldBe([("vip", 1L)]);
        (await PendingAsync()).ShouldBe(["p1", "p2"]);
        (await AcquireAsync()).Ticks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_there_of_a_commit_is_neither_changed_nor_counted_again()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(lease, 8, null, [Move("u1", "vip", 1), Move("u1", "at-risk", 1)], [Push("p1", 1)]);
        Transition[] more =
        [
            Move("u1", "vip", 2, Noon.Plus(1)),
            Move("u1", "at-risk", 1, Noon.Plus(9)),
            Move("u2", "vip", 1, Noon.Plus(2)),
            Move("u2", "vip", 1, Noon.Plus(9)),
        ];
        (await EffectsAsync(lease, 9, null, more, [Push("p2", 2), Push("p1", 3), Push("p2", 4)])).ShouldBe(
            CommitResult.Committed
        );
        (await EffectsAsync(lease, 10, null, [Move("u3", "vip", 1, Noon.Plus(3))], [Push("p5", 5)])).ShouldBe(
            CommitResult.Committed
        );

        (await TransitionsAsync()).ShouldBe([
            Move("u1", "at-risk", 1),
            Move("u1", "vip", 1),
            Move("u1", "vip", 2, Noon.Plus(1)),
            Move("u2", "vip", 1, Noon.Plus(2)),
            Move("u3", "vip", 1, Noon.Plus(3)),
        ]);
        (await CountsAsync()).ShouldBe([("at-risk", 1L), ("vip", 2L)]);
        (await PendingAsync()).ShouldBe(["p1", "p2", "p5"]);
        (await Store.Outbox.CountAsync(default)).Values.ShouldHaveSingleItem().Pending.ShouldBe(3);
        (await AcquireAsync()).EffectsPosition.ShouldBe(new LogPosition(10));
    }

    [Fact]
    public async Task Memberships_follow_the_transitions()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(lease, 1, null, [Move("u1", "vip", 1), Move("u1", "at-risk", 1, Noon.Plus(3))]);
        await EffectsAsync(lease, 2, null, [Move("u1", "vip", 2, Noon.Plus(4)), Move("u2", "vip", 1, Noon.Plus(5))]);

        (await Store.Memberships.GetMembershipsAsync(new("u1"), default)).ShouldBe([new(new("at-risk"), Noon.Plus(3))]);
        (await Store.Memberships.GetMembershipsAsync(new("u2"), default)).ShouldBe([new(new("vip"), Noon.Plus(5))]);
        (await Store.Memberships.GetMembershipsAsync(new("nobody"), default)).ShouldBeEmpty();
        (await CountsAsync()).ShouldBe([("at-risk", 1L), ("vip", 1L)]);
    }

    [Fact]
    public async Task A_customer_who_comes_back_is_a_member_since_then()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(
            lease,
            1,
            null,
            [Move("u1", "vip", 1), Move("u1", "vip", 2, Noon.Plus(1)), Move("u1", "vip", 3, Noon.Plus(2))]
        );

        (await Store.Memberships.GetMembershipsAsync(new("u1"), default)).ShouldBe([new(new("vip"), Noon.Plus(2))]);
        (await CountsAsync()).ShouldBe([("vip", 1L)]);
    }

    [Fact]
    public async Task Memberships_are_ordered_by_name()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(lease, 1, null, [.. new[] { "b", "a", "c", "B", "10", "9" }.Select(s => Move("u1", s, 1))]);

        (await SegmentsOfAsync("u1")).ShouldBe(["10", "9", "B", "a", "b", "c"]);
    }

    [Fact]
    public async Task Transitions_come_by_time_customer_segment_and_number()
    {
        Transition[] ordered =
        [
            Move("z", "vip", 1, Noon.Minus(1)),
            Move("a", "at-risk", 1),
            Move("a", "vip", 1),
            Move("a", "vip", 2),
            Move("a", "vip", 3),
            Move("b", "at-risk", 1),
            Move("\uE000", "vip", 1),
            Move("\U0001F600", "vip", 1),
            Move("a", "vip", 4, Noon.Plus(1)),
        ];
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(lease, 1, null, [.. ordered.Reverse()]);

        (await TransitionsAsync()).ShouldBe(ordered);
    }

    [Fact]
    public async Task A_transition_keeps_every_field()
    {
        ShardLease lease = await LeaseAsync();
        Transition[] all =
        [
            .. Enum.GetValues<TransitionCause>()
                .Select((cause, i) => Move($"u{i}", "vip", 1, Noon, cause, i == 0 ? "m\0'1" : null)),
        ];
        await EffectsAsync(lease, 1, null, all);
        await Store.ReopenAsync();

        (await TransitionsAsync()).ShouldBe(all);
    }

    [Fact]
    public async Task Long_histories_are_read_whole()
    {
        ShardLease lease = await LeaseAsync();
        Transition[] all = [.. Enumerable.Range(0, 3_500).Select(i => Move($"u{i:d5}", "vip", 1, Noon.Plus(i / 100)))];
        await EffectsAsync(lease, 1, null, all);

        (await TransitionsAsync()).ShouldBe(all);
    }

    [Fact]
    public async Task The_history_of_some_customers_comes_by_customer_segment_and_number()
    {
        ShardLease lease = await LeaseAsync();
        Transition[] ofB = [Move("b", "B", 1), Move("b", "a", 1, Noon.Plus(1)), Move("b", "a", 2, Noon.Minus(1))];
        Transition[] ofA = [Move("a", "vip", 1), Move("a", "vip", 2), Move("a", "vip", 10)];
        await EffectsAsync(lease, 1, null, [.. ofA.Concat(ofB).Reverse(), Move("c", "vip", 1)]);

        (await Store.Memberships.GetHistoryAsync([new("b"), new("nobody"), new("a")], default)).ShouldBe([
            .. ofB,
            .. ofA,
        ]);
        (await Store.Memberships.GetHistoryAsync([], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Dead_letters_commit_with_the_position()
    {
        byte[] payload = [0, 255, (byte)'{'];
        EffectBatch batch = new(new(9), [], [], [])
        {
            DeadLetters = [new(Noon, "shard 1 position 8", "not-json", "detail", payload)],
        };
        ShardLease old = await LeaseAsync();
        ShardLease lease = await LeaseAsync();
        (await Store.Committer.CommitEffectsAsync(old, batch, default)).ShouldBe(CommitResult.Fenced);
        (await Store.DeadLetters.CountAsync(default)).ShouldBeEmpty();

        (await Store.Committer.CommitEffectsAsync(lease, batch, default)).ShouldBe(CommitResult.Committed);
        await Store.ReopenAsync();

        DeadLetter letter = (await Store.DeadLetters.ReadAsync(10, default)).ShouldHaveSingleItem();
        letter.Source.ShouldBe("shard 1 position 8");
        letter.Payload.Span.SequenceEqual(payload).ShouldBeTrue();
        (await AcquireAsync()).EffectsPosition.ShouldBe(new LogPosition(9));
    }

    [Fact]
    public async Task Naughty_customers_keep_their_own_memberships()
    {
        ShardLease lease = await LeaseAsync();
        await EffectsAsync(lease, 1, null, [.. NaughtyText.Names.Select(name => Move(name, "in " + name, 1))]);

        foreach (string name in NaughtyText.Names)
        {
            (await SegmentsOfAsync(name)).ShouldBe(["in " + name]);
        }
    }

    [Fact]
    public async Task Commits_of_many_shards_at_once_keep_apart()
    {
        ShardLease[] leases = await Task.WhenAll(
            Enumerable.Range(0, PartitionCount).Select(i => LeaseAsync(new ShardId(i)))
        );
        await Task.WhenAll(
            leases.SelectMany(lease =>
                Enumerable
                    .Range(1, 25)
                    .Select(i =>
                        Task.Run(async () =>
                        {
                            string id = $"{lease.Shard}-{i}";
                            Transition[] moves = [Move(id, "vip", 1)];
                            (await EffectsAsync(lease, i, null, moves, [Push(id, i)])).ShouldBe(CommitResult.Committed);
                        })
                    )
            )
        );

        (await CountsAsync()).ShouldBe([("vip", 100L)]);
        foreach (ShardLease lease in leases)
        {
            (await PendingAsync(shard: lease.Shard)).ShouldBe(
                Enumerable.Range(1, 25).Select(i => $"{lease.Shard}-{i}")
            );
            ShardStart start = await AcquireAsync(lease.Shard);
            start.EffectsPosition.ShouldBe(new LogPosition(25));
            start.NextOutboxSequence.ShouldBe(26);
        }
    }

    private async Task<List<(string, long)>> CountsAsync() =>
        [
            .. (await Store.Memberships.CountMembersAsync(default))
                .Where(count => count.Value > 0)
                .Select(count => (count.Key.Value, count.Value))
                .Order(),
        ];
}
