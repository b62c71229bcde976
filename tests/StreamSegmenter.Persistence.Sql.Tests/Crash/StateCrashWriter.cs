using System.Text;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

/// <summary>
/// Commits until it is killed, several shards at once. Commit number n of a shard moves it to position n and brings
/// tick, transition and push number n; every few of them a checkpoint writes n into ten customers. What is acknowledged
/// is printed as "effects SHARD n" or "checkpoint SHARD n".
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
        await Task.WhenAll(Enumerable.Range(0, ShardCount).Select(shard => CommitAsync(store, new ShardId(shard))));
        return 0;
    }

    private static async Task CommitAsync(SqliteStateStore store, ShardId shard)
    {
        ShardStart start = await store.Ownership.AcquireAsync(shard, ShardCount, "writer", default);
        for (long n = start.EffectsPosition.Value + 1; ; n++)
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
            await store.Committer.CommitEffectsAsync(start.Lease, new(new(n), ticks, transitions, pushes), default);
            await Console.Out.WriteLineAsync($"effects {shard} {n}");
            if (n % 5 == 0)
            {
                await CheckpointAsync(store, start.Lease, n);
                await Console.Out.WriteLineAsync($"checkpoint {shard} {n}");
            }
        }
    }

    private static async Task CheckpointAsync(SqliteStateStore store, ShardLease lease, long n)
    {
        StoredCustomer[] customers =
        [
            .. Enumerable
                .Range(0, Customers)
                .Select(i => new StoredCustomer(new($"k{i}"), new(n), Encoding.UTF8.GetBytes($"{n}"))),
        ];
        await store.Committer.CommitCheckpointAsync(lease, new(new(n), new(n), "", customers), default);
    }
}
