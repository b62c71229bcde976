using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Benchmarks.Throughput;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Benchmarks.Cluster;

/// <summary>What the processes of a cluster are to do, and how each does it.</summary>
/// <param name="Events">In the topic.</param>
/// <param name="End">When the last event is; where the clocks of the shards stand.</param>
internal sealed record NodeWork(
    string BootstrapServers,
    string Topic,
    int Events,
    long End,
    string Connection,
    string Password
)
{
    // The runtime compiles what is hot in steps, each when nothing new was called for a while.
    private const int WarmUps = 5;
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(500);

    /// <summary>Starts a node for the partitions from <paramref name="first"/> on.</summary>
    /// <param name="core">Which one it is pinned to; null for none.</param>
    public Process Start(int? core, string schema, int first, int end)
    {
        return Worker.Start(
            core,
            "node",
            BootstrapServers,
            Topic,
            Text(Events),
            Text(End),
            Connection,
            Password,
            schema,
            Text(first),
            Text(end)
        );

        static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The process: takes its shards over and applies what their partitions hold, some times to compile the code, and
    /// then once more to measure it, from the take-over to the last commit; each time over an empty store.
    /// </summary>
    public static async Task RunAsync(string[] arguments)
    {
        var work = new NodeWork(
            arguments[0],
            arguments[1],
            int.Parse(arguments[2], CultureInfo.InvariantCulture),
            long.Parse(arguments[3], CultureInfo.InvariantCulture),
            arguments[4],
            arguments[5]
        );
        int first = int.Parse(arguments[7], CultureInfo.InvariantCulture);
        int end = int.Parse(arguments[8], CultureInfo.InvariantCulture);
        for (int i = 0; i < WarmUps; i++)
        {
            await work.DoAsync($"{arguments[6]}_{i}", first, end);
            await Task.Delay(s_rest);
        }

        await Worker.AnswerAsync(() => work.DoAsync(arguments[6], first, end));
    }

    private async Task<NodeCost> DoAsync(string schema, int first, int end)
    {
        var clock = new StoppedClock(new Timestamp(End));
        var clients = new KafkaClients(
            new() { BootstrapServers = BootstrapServers },
            NullLogger<KafkaClients>.Instance
        );
        using var instruments = new KafkaInstruments();
        KafkaLogOptions options = new() { Topic = Topic, AllowCreateTime = true };
        using KafkaEventLog log = await KafkaEventLog.OpenAsync(clients, options, instruments, clock, default);
        await using PostgresStateStore store = await PostgresStateStore.OpenAsync(
            new()
            {
                ConnectionString = Connection,
                Password = Password,
                Schema = schema,
            },
            clock
        );
        ShardId[] shards = [.. Enumerable.Range(first, end - first).Select(shard => new ShardId(shard))];
        var ends = new Dictionary<ShardId, LogPosition>();
        foreach (ShardId shard in shards)
        {
            ends[shard] = (await log.GetRangeAsync(shard.Partition, default)).End;
        }

        long all = ends.Values.Sum(position => position.Value);
        ShardHost host = Host(log, store, clock);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long begun = Stopwatch.GetTimestamp();
        host.Take(shards);
        while (shards.Sum(shard => host.CommittedPosition(shard)?.Value ?? 0) < all)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2));
            if (host.Failure.IsFaulted)
            {
                await host.Failure;
            }
        }

        var cost = new NodeCost(
            all,
            Stopwatch.GetElapsedTime(begun).TotalSeconds,
            (Environment.CpuUsage.TotalTime - processor).TotalSeconds
        );
        await host.ReleaseAsync(shards);
        return cost;
    }

    private static ShardHost Host(KafkaEventLog log, PostgresStateStore store, TimeProvider clock)
    {
        RuleSet rules = ShopSegments.Compile();
        PushTarget[] mail = [new(new("mail"), "{}"u8.ToArray())];
        SegmentActions[] actions = [.. rules.Segments.Select(segment => new SegmentActions(segment, mail, []))];
        var nobody = new Nobody();
        var services = new ShardServices(
            log,
            store.Ownership,
            store.Customers,
            store.Committer,
            store.Memberships,
            new OutboxSignal(),
            nobody,
            clock
        );
        ShardOptions options = new() { HotCustomers = 2_000 };
        return new(
            shard => new(shard, rules, actions, EventLimits.Default, options, services),
            "benchmark",
            nobody,
            options,
            nobody,
            clock,
            TaskScheduler.Default
        );
    }

    /// <summary>Shows one time; what it measures with is real.</summary>
    private sealed class StoppedClock(Timestamp now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToDateTimeOffset();
    }

    private sealed class Nobody : IShardObserver, IShardCompanion
    {
        public void Begin(ShardId shard) { }

        public void CaughtUp(ShardId shard) { }

        public Task EndAsync(ShardId shard) => Task.CompletedTask;

        public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

        public void Stopped(ShardId shard, Exception? error) { }

        public void WillRestart(ShardId shard, Exception error, TimeSpan pause) { }
    }
}
