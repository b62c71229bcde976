using System.Text;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

/// <summary>
/// Commits until it is killed, or told to stop, several shards at once. Commit number n of a shard moves it to position
/// n and brings tick, transition and push number n; every few of them a checkpoint writes n into ten customers. What is
/// acknowledged is told as "effects SHARD n" or "checkpoint SHARD n".
/// </summary>
internal static class StateCrashWriter
{
    public const string Command = "commit-until-killed";
    public const int ShardCount = 3;
    public const int Customers = 10;

    public static readonly ConnectorName Connector = new("mail");

    public static async Task<int> RunAsync(string directory)
    {
        await using SqliteStateStore store = await SqliteStateStore.OpenAsync(
            new() { Directory = directory },
            TimeProvider.System
        );
        await CommitAsync(store, Console.Out.WriteLineAsync, CancellationToken.None);
        return 0;
    }

    /// <summary>Commits in all shards until it is told to stop.</summary>
    public static async Task CommitAsync(IStateStore store, Func<string, Task> acknowledge, CancellationToken stop) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, ShardCount)
                .Select(shard => Task.Run(() => CommitAsync(store, new ShardId(shard), acknowledge, stop), stop))
        );

    private static async Task CommitAsync(
        IStateStore store,
        ShardId shard,
        Func<string, Task> acknowledge,
        CancellationToken stop
    )
    {
        ShardStart start = await store.Ownership.AcquireAsync(shard, ShardCount, "writer", default);
        for (long n = start.EffectsPosition.Value + 1; !stop.IsCancellationRequested; n++)
        {
            Transition[] transitions =
            [
                new(new($"{shard}-{n}"), new("vip"), TransitionKind.Entered, new(n), TransitionCause.Time, 1, null),
            ];
            NewPush[] pushes =
            [
                new(new($"{shard}-{n}"), n, Connector, new($"{shard}-{n}"), new Timestamp(n), "{}"u8.ToArray()),
            ];
            RecordedTick[] ticks = [new(new(n - 1), new(n))];
            EffectBatch effects = new(new(n), ticks, transitions, pushes);
            (await store.Committer.CommitEffectsAsync(start.Lease, effects, default)).ShouldBe(CommitResult.Committed);
            await acknowledge($"effects {shard} {n}");
            if (n % 5 == 0)
            {
                await CheckpointAsync(store, start.Lease, n);
                await acknowledge($"checkpoint {shard} {n}");
            }
        }
    }

    private static async Task CheckpointAsync(IStateStore store, ShardLease lease, long n)
    {
        StoredCustomer[] customers =
        [
            .. Enumerable
                .Range(0, Customers)
                .Select(i => new StoredCustomer(new($"k{i}"), new(n), Encoding.UTF8.GetBytes($"{n}"))),
        ];
        Checkpoint checkpoint = new(new(n), new(n), "", customers);
        (await store.Committer.CommitCheckpointAsync(lease, checkpoint, default)).ShouldBe(CommitResult.Committed);
    }
}
