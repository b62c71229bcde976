using System.Globalization;
using System.Text;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

public sealed class StateCrashTests : IDisposable
{
    private const int Kills = 12;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Killed_at_any_instant_the_store_has_every_acknowledged_commit_and_no_half_one()
    {
        Random random = new(21);
        Dictionary<(string, string), long> acknowledged = [];
        for (int kill = 0; kill < Kills; kill++)
        {
            List<string> printed = await DoomedProcess.RunAsync(
                random.Next(1, 200),
                StateCrashWriter.Command,
                _directory.Path
            );

            // The last line may be torn, and a number cut short is a smaller one: that does no harm here.
            foreach (string[] parts in printed.Select(line => line.Split(' ')).Where(parts => parts.Length == 3))
            {
                long n = long.TryParse(parts[2], CultureInfo.InvariantCulture, out long number) ? number : 0;
                (string, string) key = (parts[0], parts[1]);
                acknowledged[key] = Math.Max(n, acknowledged.GetValueOrDefault(key));
            }

            await VerifyAsync(acknowledged);
        }
    }

    private async Task VerifyAsync(Dictionary<(string, string), long> acknowledged)
    {
        await using SqliteStateStore store = await SqliteStateStore.OpenAsync(
            new() { Directory = _directory.Path },
            TimeProvider.System
        );
        List<Transition> transitions = [];
        await foreach (Transition transition in store.Memberships.ReadTransitionsAsync(default))
        {
            transitions.Add(transition);
        }

        long committed = 0;
        for (int i = 0; i < StateCrashWriter.ShardCount; i++)
        {
            ShardStart start = await store.Ownership.AcquireAsync(new(i), StateCrashWriter.ShardCount, "test", default);
            string shard = $"{i}";
            start.EffectsPosition.Value.ShouldBeGreaterThanOrEqualTo(
                acknowledged.GetValueOrDefault(("effects", shard))
            );
            start.CheckpointPosition.Value.ShouldBeGreaterThanOrEqualTo(
                acknowledged.GetValueOrDefault(("checkpoint", shard))
            );
            await VerifyAsync(store, start, transitions);
            committed += start.EffectsPosition.Value;
        }

        (await store.Memberships.CountMembersAsync(default)).GetValueOrDefault(new("vip")).ShouldBe(committed);
        (await store.Outbox.CountAsync(default))
            .GetValueOrDefault(StateCrashWriter.Connector)
            .Pending.ShouldBe(committed);
    }

    private static async Task VerifyAsync(SqliteStateStore store, ShardStart start, List<Transition> transitions)
    {
        ShardId shard = start.Lease.Shard;
        long effects = start.EffectsPosition.Value;
        string[] expected = [.. Enumerable.Range(1, (int)effects).Select(n => $"{shard}-{n}")];

        transitions
            .Select(transition => transition.Customer.Value)
            .Where(customer => customer.StartsWith($"{shard}-", StringComparison.Ordinal))
            .ShouldBe(expected);
        IReadOnlyList<PendingPush> pending = await store.Outbox.ReadPendingAsync(
            StateCrashWriter.Connector,
            shard,
            0,
            int.MaxValue,
            default
        );
        pending.Select(push => push.Push.Id.Value).ShouldBe(expected);
        start.NextOutboxSequence.ShouldBe(effects + 1);

        long checkpoint = start.CheckpointPosition.Value;
        start
            .Ticks.Select(tick => tick.Now.Milliseconds)
            .ShouldBe(Enumerable.Range(1, (int)effects).Select(n => (long)n).Where(n => n > checkpoint));
        CustomerId[] customers =
        [
            .. Enumerable.Range(0, StateCrashWriter.Customers).Select(i => new CustomerId($"k{i}")),
        ];
        IReadOnlyList<StoredCustomer> stored = await store.Customers.LoadAsync(shard, customers, default);
        stored.Count.ShouldBe(checkpoint == 0 ? 0 : customers.Length);
        stored.Select(customer => Text(customer.State)).ShouldAllBe(state => state == $"{checkpoint}");
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
