using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Producing;
using StreamSegmenter.EndToEnd.Tests.Receiving;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Crashes;

/// <summary>
/// The promise where it is hardest to keep: rules change, every shard works its customers out anew, and the node is
/// killed at random moments of that, while producers go on sending.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class ChangedRulesCrashTests(ITestOutputHelper output)
{
    private const int Kills = 10;
    private const int Producers = 3;
    private const int Customers = 300;
    private const int LongestDelayMilliseconds = 25;

    private static readonly TimeSpan Producing = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly CrashSegment[] Before =
    [
        new("kept", "count(purchase, ever) >= 2") { OnEnter = ["crm"] },
        new("edited", "count(purchase, ever) >= 2 and not exists(support)") { OnEnter = ["desk"], OnExit = ["desk"] },
        new("widened", "count(cart, ever) >= 3") { OnEnter = ["crm"], OnExit = ["crm"] },
        new("removed", "profile.plan = \"gold\"") { OnEnter = ["desk"], OnExit = ["desk"] },
    ];

    private static readonly CrashSegment[] After =
    [
        Before[0],
        Before[1] with
        {
            Rule = "count(purchase, ever) >= 4 and not exists(support)",
        },
        Before[2] with
        {
            Rule = "exists(cart)",
            PushesBackfill = true,
        },
        new("added", "sum(purchase.amount, ever) > 100") { OnEnter = ["crm", "desk"], PushesBackfill = true },
        new("added-quietly", "profile.plan = \"silver\" and in(\"kept\")") { OnEnter = ["crm"], OnExit = ["crm"] },
    ];

    private readonly Random _random = new(1);

    private int _killedWhileTakingOver;

    [Fact]
    public async Task A_node_killed_while_it_takes_new_rules_over_loses_nothing_and_does_nothing_twice()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(new ReceiverMoods(1).Next);
        using NodeDirectory directory = new(Configuration(Before, receiver));
        RetryingProducer[] producers = [.. Enumerable.Range(0, Producers).Select(i => CreateProducer(i, directory))];

        await ProduceAsync(directory, producers, static () => Task.Delay(Producing));
        await RunToTheEndAsync(directory, receiver);
        int recordsBefore = (await directory.ReadLogAsync()).Count;
        directory.Configure(Configuration(After, receiver));
        await using (Production production = new(producers))
        {
            for (int i = 0; i < Kills; i++)
            {
                await DieWhileTakingOverAsync(directory);
            }

            await using SegmenterProcess node = directory.Run();
            await node.MustBecomeReadyAsync(directory.Address);
            await production.EndAsync();
            await node.KillAsync();
        }

        await RunToTheEndAsync(directory, receiver);

        await CheckAsync(directory, receiver, recordsBefore);
    }

    private static string Configuration(IEnumerable<CrashSegment> segments, WebhookReceiver receiver) =>
        // The longer a rebuild takes, the more moments of it are met.
        CrashSegment
            .Configuration(segments, receiver)
            .Replace("batch-records = 50", "batch-records = 3", StringComparison.Ordinal);

    private RetryingProducer CreateProducer(int number, NodeDirectory directory) =>
        new(
            directory.Address,
            new RandomEvents($"p{number}", Customers, new(_random.Next()), TimeProvider.System),
            new(_random.Next())
        );

    private static async Task ProduceAsync(NodeDirectory directory, RetryingProducer[] producers, Func<Task> meanwhile)
    {
        await using SegmenterProcess node = directory.Run();
        await node.MustBecomeReadyAsync(directory.Address);
        await using Production production = new(producers);
        await meanwhile();
        await production.EndAsync();
        await node.KillAsync();
    }

    /// <summary>Killed a moment after it began to take its shards over.</summary>
    private async Task DieWhileTakingOverAsync(NodeDirectory directory)
    {
        await using SegmenterProcess node = directory.Run();
        using HttpClient http = new() { BaseAddress = directory.Address };
        string answer = "";
        await Eventually.HoldsAsync(
            async () => (answer = await node.AskReadyAsync(http)).Length > 0,
            Limit,
            () => node.Errors
        );
        await Task.Delay(_random.Next(LongestDelayMilliseconds));
        node.HasExited.ShouldBeFalse(node.Errors);
        await node.KillAsync();
        _killedWhileTakingOver += answer.Contains("being taken over", StringComparison.Ordinal) ? 1 : 0;
    }

    /// <summary>Lets a node do all that is left to do. Ready means that all records are applied.</summary>
    private static async Task RunToTheEndAsync(NodeDirectory directory, WebhookReceiver receiver)
    {
        long pending;
        do
        {
            await using SegmenterProcess node = directory.Run();
            await node.MustBecomeReadyAsync(directory.Address);
            await Eventually.HoldsAsync(
                async () =>
                {
                    int before = receiver.Deliveries;
                    await Task.Delay(Quiet);
                    return receiver.Deliveries == before;
                },
                Limit,
                () => "pushes are still being delivered"
            );
            (await node.TerminateAsync(Limit)).ShouldBe(0, node.Errors);
            await using SqliteStateStore store = await directory.OpenStoreAsync();
            pending = (await store.Outbox.CountAsync(CancellationToken.None)).Values.Sum(count => count.Pending);
        } while (pending > 0);
    }

    private async Task CheckAsync(NodeDirectory directory, WebhookReceiver receiver, int recordsBefore)
    {
        IReadOnlyList<LogRecord> records = await directory.ReadLogAsync();
        ChangedRules expected = new(Before, After, records, recordsBefore);
        await using SqliteStateStore store = await directory.OpenStoreAsync();
        List<ExpectedTransition> transitions = [];
        await foreach (Transition t in store.Memberships.ReadTransitionsAsync(CancellationToken.None))
        {
            bool entered = t.Kind == TransitionKind.Entered;
            transitions.Add(new(t.Customer.Value, t.Segment.Value, entered, t.Number, t.Cause, t.MessageId));
        }

        output.WriteLine(
            $"{recordsBefore} records before the change, {records.Count - recordsBefore} after it; "
                + $"{_killedWhileTakingOver} of {Kills} kills while shards were being taken over; "
                + $"{transitions.Count} transitions, {expected.Pushes.Count} pushes, of which corrections "
                + $"{transitions.Count(t => t.Cause != TransitionCause.Event)}"
        );
        Difference
            .Between(expected.Transitions.Select(t => t.ToString()), transitions.Select(t => t.ToString()))
            .ShouldBeEmpty();
        Difference
            .Between(
                expected.Pushes.Select(push => $"{push.Id} {push.Connector}"),
                receiver.Taken.Select(push => $"{push.Id} {push.Connector}")
            )
            .ShouldBeEmpty();
        receiver.Complaints.ShouldBeEmpty();
        expected.Transitions.Select(t => t.Cause).Distinct().Count().ShouldBe(3, "all kinds of causes were met");
        _killedWhileTakingOver.ShouldBePositive();
    }
}
