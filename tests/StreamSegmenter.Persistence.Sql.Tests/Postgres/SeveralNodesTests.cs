using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

/// <summary>Several nodes at once on one database, each with a pool of its own.</summary>
public sealed class SeveralNodesTests : IAsyncLifetime
{
    private const int Nodes = 4;
    private readonly List<PostgresStateStore> _nodes = [];
    private PostgresSchemaOfTest _schema = null!;

    public async Task InitializeAsync()
    {
        _schema = await PostgresSchemaOfTest.CreateAsync();

        // Nobody has made the tables yet: all of them try at once.
        _nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, Nodes).Select(_ => Task.Run(OpenAsync))));
    }

    public async Task DisposeAsync()
    {
        foreach (PostgresStateStore node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_tables_are_made_once_and_each_node_gets_a_number()
    {
        (await _schema.RunAsync("SELECT count(*) - max(version) FROM schema_version")).ShouldBe(0L);
        (await _schema.RunAsync("SELECT count(DISTINCT id) FROM opening")).ShouldBe((long)Nodes);
    }

    [Fact]
    public async Task Of_all_who_fight_for_a_shard_one_commits_at_a_time()
    {
        const int Rounds = 25;
        ShardId shard = new(0);
        List<(long Epoch, long Position)>[] committed = await Task.WhenAll(
            _nodes.Select(node => Task.Run(() => FightAsync(node, shard, Rounds)))
        );

        // Each commit went on from what its owner had found, so positions and epochs grow together without a gap.
        (long Epoch, long Position)[] all = [.. committed.SelectMany(of => of).OrderBy(commit => commit.Position)];
        all.Select(commit => commit.Position).ShouldBe(Enumerable.Range(1, all.Length).Select(n => (long)n));
        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Epoch <= pair.Second.Epoch);
        all.ShouldNotBeEmpty();
        ShardStart start = await _nodes[0].Ownership.AcquireAsync(shard, Nodes, "end", default);
        start.EffectsPosition.ShouldBe(new LogPosition(all.Length));
        start.NextOutboxSequence.ShouldBe(all.Length + 1);
        (await _nodes[1].Memberships.CountMembersAsync(default))[new("vip")].ShouldBe(all.Length);
    }

    [Fact]
    public async Task Nodes_with_shards_of_their_own_share_segments_and_connectors()
    {
        const int Commits = 50;
        await Task.WhenAll(
            _nodes.Select(
                (node, i) =>
                    Task.Run(async () =>
                    {
                        ShardLease lease = (await node.Ownership.AcquireAsync(new(i), Nodes, "node", default)).Lease;
                        for (int n = 1; n <= Commits; n++)
                        {
                            (await CommitAsync(node, lease, n)).ShouldBe(CommitResult.Committed);
                            await node.Outbox.UpdateAsync(
                                [new OutboxUpdate.Delivered(new($"{i}-{n}"), 1, new(n))],
                                default
                            );
                        }
                    })
            )
        );

        (await _nodes[0].Memberships.CountMembersAsync(default))[new("vip")].ShouldBe(Nodes * Commits);
        (await _nodes[0].Outbox.CountAsync(default))[new("mail")].ShouldBe(new OutboxCounts(0, Nodes * Commits, 0));
    }

    [Fact]
    public async Task A_push_that_two_relays_settle_is_settled_once()
    {
        ShardLease lease = (await _nodes[0].Ownership.AcquireAsync(new(0), Nodes, "node", default)).Lease;
        for (int n = 1; n <= 40; n++)
        {
            await CommitAsync(_nodes[0], lease, n);
        }

        OutboxUpdate[] delivered =
        [
            .. Enumerable.Range(1, 40).Select(n => new OutboxUpdate.Delivered(new($"0-{n}"), 1, new(n))),
        ];
        OutboxUpdate[] late =
        [
            .. delivered.Select(update => new OutboxUpdate.Postponed(update.Id, 7, new(99), "late")),
        ];
        await Task.WhenAll(
            _nodes.Select(
                (node, i) =>
                    node.Outbox.UpdateAsync(i % 2 == 0 ? delivered : [.. delivered.Reverse()], default).AsTask()
            )
        );
        await _nodes[3].Outbox.UpdateAsync(late, default);

        (await _nodes[0].Outbox.CountAsync(default))[new("mail")].ShouldBe(new OutboxCounts(0, 40, 0));
        (await _schema.RunAsync("SELECT max(attempts) FROM outbox")).ShouldBe(1);
    }

    private async Task<PostgresStateStore> OpenAsync() =>
        await PostgresStateStore.OpenAsync(_schema.Options with { MaxConnections = 4 }, TimeProvider.System);

    /// <summary>Takes the shard again and again, and commits until somebody else has taken it.</summary>
    private static async Task<List<(long Epoch, long Position)>> FightAsync(
        PostgresStateStore node,
        ShardId shard,
        int rounds
    )
    {
        List<(long, long)> committed = [];
        for (int round = 0; round < rounds; round++)
        {
            ShardStart start = await node.Ownership.AcquireAsync(shard, Nodes, "node", default);
            long next = start.EffectsPosition.Value + 1;
            for (int i = 0; i < 3 && await CommitAsync(node, start.Lease, next) == CommitResult.Committed; i++)
            {
                committed.Add((start.Lease.Epoch.Value, next));
                next++;
            }
        }

        return committed;
    }

    private static ValueTask<CommitResult> CommitAsync(PostgresStateStore node, ShardLease lease, long n)
    {
        string id = $"{lease.Shard}-{n}";
        Transition move = new(new(id), new("vip"), TransitionKind.Entered, new(n), TransitionCause.Time, 1, null);
        NewPush push = new(new PushId(id), n, new("mail"), new(id), new Timestamp(n), "{}"u8.ToArray());
        return node.Committer.CommitEffectsAsync(lease, new(new(n), [], [move], [push]), default);
    }
}
