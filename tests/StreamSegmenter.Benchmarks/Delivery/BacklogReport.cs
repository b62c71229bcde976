using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Benchmarks.Delivery;

/// <summary>
/// How a relay works off the backlog that a long outage leaves, on SQLite: at which rate, beside the one that the
/// provider allows, and with how much memory, from the first push to the last.
/// <c>dotnet run -c Release -- backlog [pushes] [allowed per second]</c>; 0 allows any number.
/// </summary>
internal static class BacklogReport
{
    private const int PushesAtOnce = 5_000;
    private const int PushesPerCustomer = 4;

    private static readonly ShardId Shard = new(0);
    private static readonly ConnectorName Connector = new("mail");
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>0 when all were delivered, once each.</summary>
    public static async Task<int> RunAsync(int pushes, int allowed)
    {
        using TemporaryDirectory directory = new();
        await using SqliteStateStore store = await SqliteStateStore.OpenAsync(
            new() { Directory = directory.Path },
            TimeProvider.System
        );
        await FillAsync(store, pushes);
        CountingProvider provider = new();
        using OutboxRelay relay = new(
            Connector,
            provider,
            store.Outbox,
            new OutboxSignal(),
            new()
            {
                Concurrency = 64,
                Rate = new() { Permits = allowed, Burst = Math.Max(1, allowed / 10) },
            },
            new NoObserver(),
            TimeProvider.System,
            new Random(1),
            NullLogger<OutboxRelay>.Instance
        );
        relay.AddShard(Shard);
        using CancellationTokenSource stop = new();
        GC.Collect();
        long begun = Stopwatch.GetTimestamp();
        Task running = Task.Run(() => relay.RunAsync(stop.Token));
        (long least, long most) = await WatchAsync(store, provider, pushes);
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        await stop.CancelAsync();
        await running;
        OutboxCounts counts = (await store.Outbox.CountAsync(default))[Connector];
        double rate = counts.Delivered / took.TotalSeconds;
        string limit = allowed == 0 ? "any number" : $"{allowed:N0}";
        Print($"{counts.Delivered:N0} pushes in {took.TotalSeconds:N0} s: {rate:N0} a second, allowed {limit}");
        Print($"managed memory from {least / 1e6:N1} to {most / 1e6:N1} MB");
        return counts == new OutboxCounts(0, pushes, 0) && provider.Taken == pushes ? 0 : 1;
    }

    private static async Task FillAsync(SqliteStateStore store, int pushes)
    {
        ShardLease lease = (await store.Ownership.AcquireAsync(Shard, 1, "benchmark", default)).Lease;
        Timestamp now = Timestamp.From(TimeProvider.System.GetUtcNow());
        string profile = new('x', 400);
        for (int first = 0; first < pushes; first += PushesAtOnce)
        {
            NewPush[] some =
            [
                .. Enumerable
                    .Range(first, Math.Min(PushesAtOnce, pushes - first))
                    .Select(i => new NewPush(
                        IdOf(i),
                        i + 1,
                        Connector,
                        new($"customer-{i / PushesPerCustomer}"),
                        now,
                        Encoding.UTF8.GetBytes(
                            $$$"""{"customer":"customer-{{{i}}}","profile":{"name":"{{{profile}}}"}}"""
                        )
                    )),
            ];
            await store.Committer.CommitEffectsAsync(lease, new(new(first + 1), [], [], some), default);
        }
    }

    // As they are: the halves of hashes, which come in no order.
    private static PushId IdOf(int i) =>
        new(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i)).AsSpan(0, 16)));

    private static async Task<(long Least, long Most)> WatchAsync(
        SqliteStateStore store,
        CountingProvider provider,
        int pushes
    )
    {
        (long least, long most) = (long.MaxValue, 0);
        long before = 0;
        using PeriodicTimer timer = new(Interval);
        while ((await store.Outbox.CountAsync(default))[Connector].Pending > 0)
        {
            await timer.WaitForNextTickAsync();
            GC.Collect();
            long memory = GC.GetTotalMemory(forceFullCollection: true);
            (least, most) = (Math.Min(least, memory), Math.Max(most, memory));
            long taken = provider.Taken;
            Print(
                $"{taken, 10:N0} of {pushes:N0}, {(taken - before) / Interval.TotalSeconds, 7:N0} a second, "
                    + $"{memory / 1e6, 6:N1} MB managed, {Environment.WorkingSet / 1e6, 4:N0} MB working set"
            );
            before = taken;
        }

        return (least, most);
    }

    private static void Print(string line) => Console.WriteLine(line);

    private sealed class CountingProvider : IConnector
    {
        private long _taken;

        public long Taken => Interlocked.Read(ref _taken);

        public ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _taken);
            return new(DeliveryResult.Delivered);
        }
    }

    private sealed class NoObserver : IDeliveryObserver
    {
        public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took) { }

        public void PushFinished(Push push, OutboxUpdate end) { }
    }
}
