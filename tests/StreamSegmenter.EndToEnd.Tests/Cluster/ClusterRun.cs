using System.Diagnostics;
using System.Text;
using StreamSegmenter.EndToEnd.Tests.Crashes;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Producing;
using StreamSegmenter.EndToEnd.Tests.Receiving;
using StreamSegmenter.Oracle;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Streams.Log;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>
/// Nodes that work while something disturbs them, and what has to come of it: the transitions and the pushes of one
/// node that is never disturbed.
/// </summary>
public sealed class ClusterRun : IAsyncDisposable
{
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private const int Partitions = 12;
    private const int EventsAtOnce = 200;

    private static readonly TimeSpan LongestWindow = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan BetweenBursts = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static readonly CrashSegment[] Segments =
    [
        new("busy-buyer", "count(purchase, 12s) >= 6") { OnEnter = ["crm"], OnExit = ["crm"] },
        new("big-spender", "sum(purchase.amount, 14s) > 400")
        {
            Cooldown = TimeSpan.FromSeconds(8),
            OnEnter = ["desk", "crm"],
        },
        new("worried-gold", "profile.plan = \"gold\" and count(support, 10s) >= 2")
        {
            OnEnter = ["desk"],
            OnExit = ["desk"],
        },
        new("silent", "since(any) > 9s"),
        new("left-cart", "since(cart, 12s) >= 6s and count(purchase, after last(cart)) = 0"),
        new("regular", "count(purchase, ever) >= 8 and not in(\"silent\")"),
    ];

    private readonly WebhookReceiver _receiver;
    private readonly int _seed;
    private readonly int _customers;
    private readonly List<string> _sent = [];

    private ClusterRun(ClusterRig rig, WebhookReceiver receiver, int nodes, int customers, int seed)
    {
        (Rig, _receiver, _customers, _seed) = (rig, receiver, customers, seed);
        Nodes = [.. Enumerable.Range(0, nodes).Select(_ => rig.CreateNode())];
    }

    public ClusterRig Rig { get; }

    public IReadOnlyList<ClusterNode> Nodes { get; }

    /// <summary>What is waited for before more is sent, if anything.</summary>
    public Task MaySend { get; set; } = Task.CompletedTask;

    // Replicas have to notice first that one of them has died: until then brokers hide what they have taken.
    private static TimeSpan ClockLag(ClusterRig rig) => TimeSpan.FromSeconds(rig.HasReplicas ? 12 : 4);

    /// <summary>Starts the nodes.</summary>
    public static async Task<ClusterRun> StartAsync(int nodes, int customers, int seed)
    {
        WebhookReceiver receiver = await WebhookReceiver.StartAsync(new ReceiverMoods(seed).Next);
        ClusterRig rig = await ClusterRig.StartAsync(Partitions);
        rig.Configure(
            log: $"clock-lag = {ClockLag(rig).TotalSeconds}s, fetch-wait = 20ms",
            group: $"session-timeout = {rig.ShortestSession.TotalSeconds}s, hand-over-limit = 1s",
            CrashSegment
                .Configuration(Segments, receiver)
                .Replace("batch-records = 50", "batch-records = 200", StringComparison.Ordinal)
        );
        ClusterRun run = new(rig, receiver, nodes, customers, seed);
        foreach (ClusterNode node in run.Nodes)
        {
            node.Start();
        }

        return run;
    }

    /// <summary>
    /// Sends so many events, in bursts, or fewer if <paramref name="enough"/> comes first.
    /// </summary>
    /// <param name="send">Returns when a burst is on its way.</param>
    public async Task ProduceAsync(
        int events,
        Func<IReadOnlyList<ProducedEvent>, Task> send,
        CancellationToken enough = default
    )
    {
        RandomEvents drawn = new("k", _customers, new(_seed), TimeProvider.System, isTimed: true);
        while (_sent.Count < events && !enough.IsCancellationRequested)
        {
            ProducedEvent[] burst =
            [
                .. Enumerable.Range(0, Math.Min(EventsAtOnce, events - _sent.Count)).Select(_ => drawn.Next()),
            ];
            await MaySend;
            await send(burst);
            _sent.AddRange(burst.Select(sent => sent.Json));
            await Task.Delay(BetweenBursts, CancellationToken.None);
        }
    }

    /// <summary>Waits until all is applied and delivered, ends the nodes, and asks the oracle what it thinks.</summary>
    public async Task FinishAsync(ITestOutputHelper output, string disturbances)
    {
        // Until time alone changes nobody any more, noticed late.
        await Task.Delay(LongestWindow + ClockLag(Rig));
        foreach (ClusterNode node in Nodes)
        {
            await node.Process!.MustBecomeReadyAsync(node.Address);
        }

        await using PostgresStateStore store = await Rig.OpenStoreAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                int before = _receiver.Deliveries;
                await Task.Delay(Quiet);
                var counts = await store.Outbox.CountAsync(default);
                return _receiver.Deliveries == before && counts.Values.Sum(count => count.Pending) == 0;
            },
            Limit,
            () => "pushes are still being delivered"
        );
        foreach (ClusterNode node in Nodes)
        {
            await node.EndAsync(async process => (await process.TerminateAsync(StopLimit)).ShouldBe(0, process.Errors));
        }

        await CheckAsync(output, disturbances, store);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in Nodes)
        {
            await node.DisposeAsync();
        }

        await Rig.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private async Task CheckAsync(ITestOutputHelper output, string disturbances, PostgresStateStore store)
    {
        IReadOnlyList<LogRecord> records = await Rig.ReadLogAsync();
        records.Count.ShouldBeGreaterThanOrEqualTo(_sent.Count);
        records
            .Select(record => Encoding.UTF8.GetString(record.Payload.Span))
            .Except(_sent, StringComparer.Ordinal)
            .ShouldBeEmpty("nothing is in the log but what was sent");
        _sent
            .Except(records.Select(record => Encoding.UTF8.GetString(record.Payload.Span)), StringComparer.Ordinal)
            .ShouldBeEmpty("all that was sent is in the log");
        var watch = Stopwatch.StartNew();
        List<OracleTransition> transitions = [.. records.GroupBy(Part).AsParallel().SelectMany(TransitionsOf)];
        IReadOnlyList<ExpectedPush> pushes = ExpectedPushes.Of(transitions, Segments);
        output.WriteLine(
            $"on {Rig.Broker}, seed {_seed}: {disturbances}; {records.Count} records of {_sent.Count} events, "
                + $"{transitions.Count} transitions, "
                + $"of which {transitions.Count(transition => transition.Cause == "time")} by time alone; "
                + $"{pushes.Count} pushes, {_receiver.Repeats} deliveries repeated; "
                + $"the oracle took {watch.Elapsed.TotalSeconds:N0} s"
        );
        await Outcome.CheckAsync(transitions, pushes, store, _receiver);
    }

    // Customers have nothing to do with each other, and the oracle is slow with many at once.
    private static PartitionId Part(LogRecord record) => Murmur2.PartitionOf(record.Customer, 20 * Partitions);

    private static IReadOnlyList<OracleTransition> TransitionsOf(IEnumerable<LogRecord> records)
    {
        OracleRecord[] all =
        [
            .. records.Select(record => new OracleRecord(
                record.LogTime.Milliseconds,
                Encoding.UTF8.GetString(record.Payload.Span)
            )),
        ];
        DateTimeOffset until = DateTimeOffset.FromUnixTimeMilliseconds(all[^1].LogTime) + Forever;
        OracleResult result = OracleRun.Simulate(CrashSegment.ForOracle(Segments), all, until);
        result.DeadLetters.ShouldBeEmpty();
        return result.Transitions;
    }
}
