using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

/// <summary>What <see cref="StateCrashWriter"/> was told to be committed. Thread-safe.</summary>
internal sealed class Acknowledged
{
    private readonly Dictionary<(string, string), long> _last = [];
    private int _count;

    /// <summary>How many commits.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a line of the writer.</summary>
    public void Add(string line)
    {
        // The last line may be torn, and a number cut short is a smaller one: that does no harm here.
        string[] parts = line.Split(' ');
        if (parts.Length == 3 && long.TryParse(parts[2], CultureInfo.InvariantCulture, out long number))
        {
            lock (_last)
            {
                (string, string) key = (parts[0], parts[1]);
                _last[key] = Math.Max(number, _last.GetValueOrDefault(key));
                _count++;
            }
        }
    }

    /// <summary>The store has all of it, and nothing by halves.</summary>
    public async Task VerifyAsync(IStateStore store)
    {
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
            start.EffectsPosition.Value.ShouldBeGreaterThanOrEqualTo(_last.GetValueOrDefault(("effects", shard)));
            start.CheckpointPosition.Value.ShouldBeGreaterThanOrEqualTo(_last.GetValueOrDefault(("checkpoint", shard)));
            await VerifyAsync(store, start, transitions);
            committed += start.EffectsPosition.Value;
        }

        (await store.Memberships.CountMembersAsync(default)).GetValueOrDefault(new("vip")).ShouldBe(committed);
        (await store.Outbox.CountAsync(default))
            .GetValueOrDefault(StateCrashWriter.Connector)
            .Pending.ShouldBe(committed);
    }

    private static async Task VerifyAsync(IStateStore store, ShardStart start, List<Transition> transitions)
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
