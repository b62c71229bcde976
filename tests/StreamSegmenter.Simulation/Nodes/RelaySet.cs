using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Nodes;

/// <summary>A node's relays, one for each connector, as the node's own composition has them.</summary>
internal sealed class RelaySet : IShardCompanion, IDeliveryObserver
{
    private readonly List<OutboxRelay> _relays = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly RelayOptions _options;
    private readonly SimProcess _process;
    private Task _running = Task.CompletedTask;

    public RelaySet(
        IReadOnlyDictionary<ConnectorName, IConnector> connectors,
        IOutbox outbox,
        OutboxSignal signal,
        RelayOptions options,
        FaultPlan faults,
        SimProcess process
    )
    {
        (_options, _process) = (options, process);
        foreach ((ConnectorName name, IConnector connector) in connectors)
        {
            var jitter = new Random(faults.Random.Next());
            NullLogger<OutboxRelay> logger = NullLogger<OutboxRelay>.Instance;
            _relays.Add(new(name, connector, outbox, signal, options, this, process.Clock, jitter, logger));
        }
    }

    public void Start() => _running = Task.WhenAll(_relays.Select(relay => relay.RunAsync(_stop.Token)));

    public async Task StopAsync()
    {
        _stop.Cancel();
        await _running;
        _relays.ForEach(relay => relay.Dispose());
    }

    public void Begin(ShardId shard) => _relays.ForEach(relay => relay.AddShard(shard));

    /// <summary>Nothing: no policy decides on pushes here.</summary>
    public void CaughtUp(ShardId shard) { }

    public async Task EndAsync(ShardId shard)
    {
        try
        {
            await RemoveAsync(shard).WaitAsync(_options.HandOverTimeout, _process.Clock);
        }
        catch (TimeoutException)
        {
            // What takes longer is recorded when it ends, and the next owner may repeat it.
        }
    }

    // Each is awaited here, because whoever combines tasks that complete elsewhere goes on on a thread of the pool.
    private async Task RemoveAsync(ShardId shard)
    {
        foreach (Task removed in _relays.ConvertAll(relay => relay.RemoveShardAsync(shard)))
        {
            await removed;
        }
    }

    public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took) { }

    public void PushFinished(Push push, OutboxUpdate end) { }
}
