using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Receiving;
using StreamSegmenter.Oracle;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Streams.Log;
using Xunit.Abstractions;

namespace StreamSegmenter.EndToEnd.Tests.Crashes;

/// <summary>
/// The promise: a node that is killed at any moment, as often as fate likes, makes the transitions and the pushes of
/// one that never was. STREAMSEGMENTER_KILLS and STREAMSEGMENTER_SEED choose another run than the usual one.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class CrashTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);

    // Both kinds of transitions, caused by events and by time alone; every kind of state that a checkpoint has to keep.
    private static readonly CrashSegment[] Segments =
    [
        new("recent-buyer", "count(purchase, 3s) >= 2") { OnEnter = ["crm", "desk"], OnExit = ["crm"] },
        new("big-spender", "sum(purchase.amount, 5s) > 100")
        {
            Cooldown = TimeSpan.FromSeconds(4),
            OnEnter = ["desk", "crm", "desk"],
            OnExit = ["desk"],
        },
        new("left-cart", "since(cart, 4s) >= 1s and count(purchase, after last(cart)) = 0") { OnEnter = ["crm"] },
        new("worried", "exists(support, 4s) for 1500ms") { OnEnter = ["desk"], OnExit = ["desk"] },
        new("silent", "since(any) > 2s") { Cooldown = TimeSpan.FromSeconds(2), OnEnter = ["crm"] },
        new("gold", "profile.plan = \"gold\"") { OnEnter = ["crm"], OnExit = ["crm"] },
        new("golden-buyer", "in(\"gold\") and in(\"recent-buyer\")") { OnEnter = ["desk"] },
        new("regular", "count(purchase, ever) >= 5 and not in(\"silent\")") { OnEnter = ["crm"] },
    ];

    [Fact]
    public async Task A_node_killed_at_random_does_what_an_undisturbed_one_would()
    {
        int kills = Setting("STREAMSEGMENTER_KILLS", 20);
        int seed = Setting("STREAMSEGMENTER_SEED", 1);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(new ReceiverMoods(seed).Next);
        using NodeDirectory directory = new(CrashSegment.Configuration(Segments, receiver));

        IReadOnlySet<string> accepted = await new CrashRun(directory, receiver, kills, seed, output).ExecuteAsync(
            async () =>
                await CountPendingAsync(directory) == 0
        );

        IReadOnlyList<LogRecord> records = await directory.ReadLogAsync();
        accepted.Except(records.Select(MessageId), StringComparer.Ordinal).ShouldBeEmpty("events that were accepted");
        OracleResult oracle = OracleRun.Simulate(
            CrashSegment.ForOracle(Segments),
            records.Select(record => new OracleRecord(record.LogTime.Milliseconds, Text(record))),
            DateTimeOffset.FromUnixTimeMilliseconds(records[^1].LogTime.Milliseconds) + Forever
        );
        oracle.DeadLetters.ShouldBeEmpty();
        IReadOnlyList<ExpectedPush> pushes = ExpectedPushes.Of(oracle.Transitions, Segments);
        output.WriteLine(
            $"{records.Count} records, {oracle.Transitions.Count} transitions, of which "
                + $"{oracle.Transitions.Count(transition => transition.Cause == "time")} by time alone; "
                + $"{pushes.Count} pushes, {receiver.Repeats} deliveries repeated"
        );
        await using SqliteStateStore store = await directory.OpenStoreAsync();
        await Outcome.CheckAsync(oracle.Transitions, pushes, store, receiver);
    }

    private static async Task<long> CountPendingAsync(NodeDirectory directory)
    {
        await using SqliteStateStore store = await directory.OpenStoreAsync();
        var counts = await store.Outbox.CountAsync(CancellationToken.None);
        return counts.Values.Sum(count => count.Pending);
    }

    private static string Text(LogRecord record) => Encoding.UTF8.GetString(record.Payload.Span);

    private static string MessageId(LogRecord record)
    {
        using var json = JsonDocument.Parse(record.Payload);
        return json.RootElement.GetProperty("messageId").GetString()!;
    }

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : usual;
}
