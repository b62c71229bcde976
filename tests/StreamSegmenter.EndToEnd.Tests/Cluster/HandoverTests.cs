using System.Diagnostics;
using System.Globalization;
using StreamSegmenter.EndToEnd.Tests.Crashes;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Receiving;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>
/// How shards move when nodes go and come, under the default settings: which ones, and for how long each of them
/// delivers nothing. Times are reported; what is asserted of them is only that it does not take for ever.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class HandoverTests(ITestOutputHelper output)
{
    private const int Partitions = 6;

    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<TimeSpan>[] _arrivals =
    [
        .. Enumerable.Range(0, Partitions).Select(_ => new List<TimeSpan>()),
    ];

    [Fact]
    public async Task Only_the_shards_of_a_node_that_goes_or_comes_are_moved()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(() => ReceiverMood.TakeIt);
        await using ClusterRig rig = await ClusterRig.StartAsync(Partitions);
        CrashSegment[] segments = [new("seen", "exists(visit)") { OnEnter = ["crm"] }];
        rig.Configure(log: "", group: "", CrashSegment.Configuration(segments, receiver));
        await using PostgresStateStore store = await rig.OpenStoreAsync();
        await using ClusterNode a = rig.CreateNode();
        await using ClusterNode b = rig.CreateNode();
        await using ClusterNode c = rig.CreateNode();
        using CancellationTokenSource stop = new();
        Task producing = Task.Run(() => ProduceAsync(rig, stop.Token));
        Task watching = Task.Run(() => WatchAsync(receiver, stop.Token));

        Array.ForEach([a, b, c], node => node.Start());
        await UntilAllDeliverAsync(TimeSpan.Zero);
        await Eventually.HoldsAsync(
            async () => (await OwnersAsync(store)).Distinct(StringComparer.Ordinal).Count() == 3,
            Limit,
            () => "the shards are not spread over all nodes"
        );
        await Task.Delay(Settling);

        await MoveAsync(
            "a node is killed",
            store,
            a,
            movesFrom: true,
            () => a.EndAsync(process => process.KillAsync())
        );
        await MoveAsync(
            "a node is added",
            store,
            a,
            movesFrom: false,
            () =>
            {
                a.Start();
                return Task.CompletedTask;
            }
        );
        await MoveAsync(
            "a node is stopped in good order",
            store,
            c,
            movesFrom: true,
            () => c.EndAsync(async process => (await process.TerminateAsync(Limit)).ShouldBe(0, process.Errors))
        );

        await stop.CancelAsync();
        await Task.WhenAll(producing, watching);
        receiver.Complaints.ShouldBeEmpty();
    }

    /// <summary>Does something to a node, and looks at what that did to the shards.</summary>
    private async Task MoveAsync(
        string what,
        PostgresStateStore store,
        ClusterNode node,
        bool movesFrom,
        Func<Task> action
    )
    {
        string[] before = await OwnersAsync(store);
        TimeSpan start = _clock.Elapsed;
        await action();
        string[] after = before;
        await Eventually.HoldsAsync(
            async () =>
            {
                after = await OwnersAsync(store);
                return after.Contains(node.ApiAddress.ToString(), StringComparer.Ordinal) != movesFrom;
            },
            Limit,
            () => $"{what}: nothing moved"
        );
        await UntilAllDeliverAsync(_clock.Elapsed);
        await Task.Delay(Settling);
        after = await OwnersAsync(store);

        int[] moved = [.. Enumerable.Range(0, Partitions).Where(shard => before[shard] != after[shard])];
        string[] side = movesFrom ? before : after;
        moved.ShouldBe(
            Enumerable.Range(0, Partitions).Where(shard => side[shard] == node.ApiAddress.ToString()),
            $"{what}: no other shard moves"
        );
        TimeSpan[] pauses = [.. _arrivals.Select(arrivals => LongestPause(arrivals, start))];
        output.WriteLine(
            $"{what}: {moved.Length} of {Partitions} shards move, longest pause of one "
                + $"{Longest(moved.Select(shard => pauses[shard]))}; of the others "
                + Longest(pauses.Where((_, shard) => !moved.Contains(shard)))
        );
    }

    private static string Longest(IEnumerable<TimeSpan> pauses) =>
        string.Create(CultureInfo.InvariantCulture, $"{pauses.Max().TotalSeconds:N2} s");

    private static TimeSpan LongestPause(List<TimeSpan> arrivals, TimeSpan start)
    {
        lock (arrivals)
        {
            TimeSpan[] since = [.. arrivals.Where(arrival => arrival >= start).Prepend(start)];
            return since.Zip(since.Skip(1), (earlier, later) => later - earlier).Max();
        }
    }

    private Task UntilAllDeliverAsync(TimeSpan since) =>
        Eventually.HoldsAsync(
            () => Task.FromResult(_arrivals.All(arrivals => Last(arrivals) > since)),
            Limit,
            () => "a shard delivers nothing"
        );

    private static TimeSpan Last(List<TimeSpan> arrivals)
    {
        lock (arrivals)
        {
            return arrivals.Count == 0 ? TimeSpan.Zero : arrivals[^1];
        }
    }

    private static async Task<string[]> OwnersAsync(PostgresStateStore store)
    {
        string[] owners = new string[Partitions];
        for (int shard = 0; shard < Partitions; shard++)
        {
            owners[shard] = await store.Ownership.FindOwnerAsync(new(shard), default) ?? "";
        }

        return owners;
    }

    private static async Task ProduceAsync(ClusterRig rig, CancellationToken stop)
    {
        await using Kcat kcat = Kcat.Start(rig.BootstrapServers, rig.Topic);
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            string customer = CustomerOf(i);
            string json = $$"""
                {"type":"track","event":"visit","messageId":"m{{i}}","userId":"{{customer}}","timestamp":"{{DateTimeOffset.UtcNow:O}}"}
                """;
            await kcat.SendAsync(new($"m{i}", customer, json));
            await kcat.FlushAsync();
            await Task.Delay(BetweenEvents, CancellationToken.None);
        }

        await kcat.EndAsync();
    }

    // All shards get events equally often: how long one delivers nothing is then no matter of chance.
    private static string CustomerOf(int i) =>
        Enumerable
            .Range(0, int.MaxValue)
            .Select(attempt => $"u{i}.{attempt}")
            .First(customer => Murmur2.PartitionOf(new CustomerId(customer), Partitions).Value == i % Partitions);

    private async Task WatchAsync(WebhookReceiver receiver, CancellationToken stop)
    {
        int seen = 0;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks, CancellationToken.None);
            IReadOnlyList<ReceivedPush> taken = receiver.Taken;
            foreach (ReceivedPush push in taken.Skip(seen))
            {
                List<TimeSpan> arrivals = _arrivals[Murmur2.PartitionOf(CustomerOf(push), Partitions).Value];
                lock (arrivals)
                {
                    arrivals.Add(_clock.Elapsed);
                }
            }

            seen = taken.Count;
        }
    }

    private static CustomerId CustomerOf(ReceivedPush push)
    {
        using var content = System.Text.Json.JsonDocument.Parse(push.Body);
        return new(content.RootElement.GetProperty("customer").GetString()!);
    }
}
