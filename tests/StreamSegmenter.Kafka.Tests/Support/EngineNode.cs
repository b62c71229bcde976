using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Shards;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>A node as the daemon is one: real shards over Kafka and a store, sharing them with others.</summary>
internal sealed class EngineNode : IAsyncDisposable, IShardObserver, IShardCompanion
{
    private readonly CancellationTokenSource _stop = new();
    private readonly KafkaEventLog _log;
    private readonly ShardHost _host;
    private readonly Task _running;

    private EngineNode(KafkaBroker broker, KafkaEventLog log, KafkaLogOptions options, IStateStore store, RuleSet rules)
    {
        _log = log;
        ShardOptions shards = new() { CheckpointInterval = TimeSpan.FromMilliseconds(300) };
        ShardServices services = new(
            log,
            store.Ownership,
            store.Customers,
            store.Committer,
            store.Memberships,
            new OutboxSignal(),
            this,
            TimeProvider.System
        );
        _host = new(
            shard => new(shard, rules, [], EventLimits.Default, shards, services),
            "node",
            this,
            shards with
            {
                RestartMin = TimeSpan.FromMilliseconds(100),
            },
            this,
            TimeProvider.System,
            TaskScheduler.Default
        );
        KafkaShardAssignment assignment = new(
            TestClients.Of(broker),
            log,
            options,
            Member.Quick,
            TestClients.Instruments,
            TimeProvider.System,
            NullLogger<KafkaShardAssignment>.Instance
        );
        _running = assignment.RunAsync(_host, _stop.Token);
    }

    public int Shards => _host.Runners.Count(runner => runner.IsFollowing);

    public Task Failure => _host.Failure;

    public static async Task<EngineNode> StartAsync(
        KafkaBroker broker,
        KafkaLogOptions options,
        IStateStore store,
        params (string Name, string Rule)[] segments
    )
    {
        SegmentDefinition[] definitions =
        [
            .. segments.Select(s => new SegmentDefinition(new(s.Name), "", s.Rule, default)),
        ];
        var rules = (RuleSetResult.Compiled)RuleSet.Compile(definitions, RuleSetOptions.Default);
        return new(broker, await TestClients.OpenAsync(broker, options), options, store, rules.Rules);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _log.Dispose();
        _stop.Dispose();
    }

    public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

    public void Stopped(ShardId shard, Exception? error) { }

    public void WillRestart(ShardId shard, Exception error, TimeSpan pause) { }

    public void Begin(ShardId shard) { }

    public void CaughtUp(ShardId shard) { }

    public Task EndAsync(ShardId shard) => Task.CompletedTask;
}
