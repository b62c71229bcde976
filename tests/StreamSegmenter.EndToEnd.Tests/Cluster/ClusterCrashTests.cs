using System.Diagnostics;
using System.Globalization;
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
/// Three nodes on Kafka and PostgreSQL, killed, frozen and restarted at random while kcat sends: together they make the
/// transitions and the pushes of one node that is never disturbed. STREAMSEGMENTER_CLUSTER_EVENTS and
/// STREAMSEGMENTER_SEED choose another run than the usual one.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class ClusterCrashTests(ITestOutputHelper output)
{
    private const int Nodes = 3;
    private const int Partitions = 12;
    private const int Customers = 20_000;
    private const int EventsAtOnce = 200;

    private static readonly TimeSpan BetweenBursts = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    /// <summary>Between the last event and the last moment at which time alone changes anybody, noticed late.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromSeconds(14 + 4);

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

    private readonly int _seed = Setting("STREAMSEGMENTER_SEED", 1);
    private readonly int _events = Setting("STREAMSEGMENTER_CLUSTER_EVENTS", 200_000);
    private readonly Dictionary<string, int> _faults = new(StringComparer.Ordinal);

    [Fact]
    public async Task Nodes_that_die_and_freeze_at_random_do_together_what_one_undisturbed_would()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(new ReceiverMoods(_seed).Next);
        await using ClusterRig rig = await ClusterRig.StartAsync(Partitions);
        rig.Configure(
            log: "clock-lag = 4s, fetch-wait = 20ms",
            group: $"session-timeout = {rig.ShortestSession.TotalSeconds}s, hand-over-limit = 1s",
            CrashSegment
                .Configuration(Segments, receiver)
                .Replace("batch-records = 50", "batch-records = 200", StringComparison.Ordinal)
        );
        ClusterNode[] nodes = [.. Enumerable.Range(0, Nodes).Select(_ => rig.CreateNode())];
        try
        {
            Array.ForEach(nodes, node => node.Start());
            await DisturbWhileProducingAsync(rig, nodes);
            await Task.Delay(LongestWindow);
            await FinishAsync(rig, nodes, receiver);
        }
        finally
        {
            foreach (ClusterNode node in nodes)
            {
                await node.DisposeAsync();
            }
        }

        await CheckAsync(rig, receiver);
    }

    private async Task DisturbWhileProducingAsync(ClusterRig rig, ClusterNode[] nodes)
    {
        using CancellationTokenSource produced = new();
        Task producing = Task.Run(async () =>
        {
            try
            {
                await ProduceAsync(rig);
            }
            finally
            {
                await produced.CancelAsync();
            }
        });
        Random random = new(_seed);
        while (!produced.IsCancellationRequested)
        {
            await Task.Delay(random.Next(300, 3_000));
            await DisturbAsync(nodes[random.Next(Nodes)], random, rig);
        }

        await producing;
        Array.ForEach([.. nodes.Where(node => node.Process is null)], node => node.Start());
    }

    private async Task ProduceAsync(ClusterRig rig)
    {
        RandomEvents events = new("k", Customers, new(_seed), TimeProvider.System, isTimed: true);
        await using Kcat kcat = Kcat.Start(rig.BootstrapServers, rig.Topic);
        for (int sent = 0; sent < _events; sent++)
        {
            await kcat.SendAsync(events.Next());
            if (sent % EventsAtOnce == 0)
            {
                await kcat.FlushAsync();
                await Task.Delay(BetweenBursts);
            }
        }

        await kcat.EndAsync();
    }

    private async Task DisturbAsync(ClusterNode node, Random random, ClusterRig rig)
    {
        if (node.Process is null)
        {
            node.Start();
            return;
        }

        node.Process.HasExited.ShouldBeFalse($"nothing but a signal may end it: {node.Process.Errors}");
        switch (random.Next(6))
        {
            case 0 or 1 or 2:
                await node.EndAsync(process => process.KillAsync());
                Count("killed");
                break;
            case 3 or 4:
                await node.Process.FreezeAsync();
                await Task.Delay(rig.ShortestSession + TimeSpan.FromMilliseconds(random.Next(500, 3_000)));
                await node.Process.ThawAsync();
                Count("frozen for longer than a session");
                break;
            default:
                await node.EndAsync(async process =>
                    (await process.TerminateAsync(StopLimit)).ShouldBe(0, process.Errors)
                );
                Count("stopped in good order");
                break;
        }
    }

    /// <summary>Waits until all is applied and delivered, then ends the nodes.</summary>
    private static async Task FinishAsync(ClusterRig rig, ClusterNode[] nodes, WebhookReceiver receiver)
    {
        foreach (ClusterNode node in nodes)
        {
            await node.Process!.MustBecomeReadyAsync(node.Address);
        }

        await using PostgresStateStore store = await rig.OpenStoreAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                int before = receiver.Deliveries;
                await Task.Delay(Quiet);
                var counts = await store.Outbox.CountAsync(default);
                return receiver.Deliveries == before && counts.Values.Sum(count => count.Pending) == 0;
            },
            Limit,
            () => "pushes are still being delivered"
        );
        foreach (ClusterNode node in nodes)
        {
            await node.EndAsync(async process => (await process.TerminateAsync(StopLimit)).ShouldBe(0, process.Errors));
        }
    }

    private async Task CheckAsync(ClusterRig rig, WebhookReceiver receiver)
    {
        IReadOnlyList<LogRecord> records = await rig.ReadLogAsync();
        records.Count.ShouldBe(_events);
        var watch = Stopwatch.StartNew();
        List<OracleTransition> transitions = [.. records.GroupBy(Partition).AsParallel().SelectMany(TransitionsOf)];
        IReadOnlyList<ExpectedPush> pushes = ExpectedPushes.Of(transitions, Segments);
        output.WriteLine(
            $"on {rig.Broker}, seed {_seed}: "
                + string.Join(", ", _faults.Select(fault => $"{fault.Value} x {fault.Key}"))
                + $"; {records.Count} events, {transitions.Count} transitions, of which "
                + $"{transitions.Count(transition => transition.Cause == "time")} by time alone; "
                + $"{pushes.Count} pushes, {receiver.Repeats} deliveries repeated; "
                + $"the oracle took {watch.Elapsed.TotalSeconds:N0} s"
        );
        await using PostgresStateStore store = await rig.OpenStoreAsync();
        await Outcome.CheckAsync(transitions, pushes, store, receiver);
    }

    // Customers have nothing to do with each other, and the oracle is slow with many at once.
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

    private static PartitionId Partition(LogRecord record) => Murmur2.PartitionOf(record.Customer, 20 * Partitions);

    private void Count(string fault) => _faults[fault] = _faults.GetValueOrDefault(fault) + 1;

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : usual;
}
