using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Conformance.Log;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Node.Tests.Configuration;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log.InMemory;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Tests.Hosting;

/// <summary>What goes out while a shard has a part of its log still before it.</summary>
public sealed class CatchUpTests
{
    private static readonly ConnectorName s_governed = new("phone");
    private static readonly ConnectorName s_free = new("ops");

    private readonly InMemoryEventLog _memory = new(1, TimeProvider.System);
    private readonly InMemoryStateStore _store = new();
    private readonly GatedLog _log;
    private readonly NodeSettings _settings;

    public CatchUpTests()
    {
        _log = new(_memory, TimeProvider.System);
        NodeConfiguration configuration = Loading.Loaded(
            """
            segments.seen { rule = "exists(any)", on-enter = [ { to = phone }, { to = ops } ] }
            connectors.phone { type = console, policy { channel = sms, purpose = service } }
            connectors.ops { type = console }
            """
        );
        _settings = NodeSettingsFactory.Create(
            configuration,
            TimeProvider.System,
            TextWriter.Null,
            NullLoggerFactory.Instance
        );
    }

    [Fact]
    public async Task A_refusal_that_is_in_the_log_holds_for_pushes_made_before_it()
    {
        await AppendAsync("""{"type":"track","event":"visit","userId":"ann","messageId":"m1"}""");
        Observer observer = new();
        await using (ShardGroup before = new(_settings, Services(observer, new()), observer, "before"))
        {
            _log.Allow(0, 1);
            before.Start(new WholeAssignment(1));
            await UntilAsync(counts => counts.Values.Sum(count => count.Pending) == 2);
        }

        await AppendAsync("""{"type":"identify","userId":"ann","messageId":"m2","traits":{"consent":{"sms":false}}}""");
        OutboxSignal signal = new();
        await using RelayGroup relays = new(
            _settings,
            _store,
            signal,
            observer,
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        await using ShardGroup after = new(_settings, Services(observer, signal), relays, "after");
        relays.Start();
        after.Start(new WholeAssignment(1));

        IReadOnlyDictionary<ConnectorName, OutboxCounts> behind = await UntilAsync(counts =>
            counts[s_free].Delivered == 1
        );
        behind[s_governed].Pending.ShouldBe(1, "the shard does not know yet what its log holds");

        _log.Allow(0, 2);
        IReadOnlyDictionary<ConnectorName, OutboxCounts> caughtUp = await UntilAsync(counts =>
            counts[s_governed].Pending == 0
        );
        caughtUp[s_governed].ShouldBe(new OutboxCounts(0, 0, 0) { Dropped = 1 });
        observer.Attempted.ShouldBe([s_free]);
    }

    private ShardServices Services(IShardObserver observer, OutboxSignal signal) =>
        new(_log, _store, _store, _store, _store, signal, observer, TimeProvider.System);

    private async Task AppendAsync(string json) =>
        await _memory.AppendAsync([new(new("ann"), Encoding.UTF8.GetBytes(json))], default);

    private async Task<IReadOnlyDictionary<ConnectorName, OutboxCounts>> UntilAsync(
        Func<IReadOnlyDictionary<ConnectorName, OutboxCounts>, bool> holds
    )
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            IReadOnlyDictionary<ConnectorName, OutboxCounts> counts = await _store.Outbox.CountAsync(late.Token);
            if (holds(counts))
            {
                return counts;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), late.Token);
        }
    }

    private sealed class Observer : IShardObserver, IDeliveryObserver, IShardCompanion
    {
        public List<ConnectorName> Attempted { get; } = [];

        public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took)
        {
            lock (Attempted)
            {
                Attempted.Add(push.Connector);
            }
        }

        public void PushFinished(Push push, OutboxUpdate end) { }

        public void Begin(ShardId shard) { }

        public void CaughtUp(ShardId shard) { }

        public Task EndAsync(ShardId shard) => Task.CompletedTask;

        public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

        public void Stopped(ShardId shard, Exception? error) { }

        public void WillRestart(ShardId shard, Exception error, TimeSpan pause) { }
    }
}
