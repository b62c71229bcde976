using System.Security.Cryptography;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Hosting;

/// <summary>
/// One relay a connector, each delivering for the shards that this node has, and the desk that they share. Where policy
/// decides, a shard's pushes wait until it has caught up: in the rest of its log there may be a refusal of them.
/// </summary>
internal sealed class RelayGroup : IShardCompanion, IAsyncDisposable
{
    private readonly List<OutboxRelay> _relays = [];
    private readonly List<OutboxRelay> _governed = [];
    private readonly PushInstruments _instruments = new();
    private readonly PolicyDesk? _desk;
    private readonly IReadOnlyCollection<IConnector> _connectors;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _handOverTimeout;
    private readonly TimeProvider _time;
    private Task[] _running = [];

    public RelayGroup(
        NodeSettings settings,
        IStateStore store,
        OutboxSignal signal,
        IDeliveryObserver observer,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        _connectors = [.. settings.Connectors.Values];
        (_handOverTimeout, _time) = (settings.Relay.HandOverTimeout, time);
        _desk = settings.Policy is { } policy
            ? new(policy, store.Cases, store.Outbox, time, loggers.CreateLogger<PolicyDesk>(), _instruments)
            : null;
        CountedDeliveries counted = new(observer, _instruments);
        foreach ((ConnectorName name, IConnector connector) in settings.Connectors)
        {
            var jitter = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
            RelayOptions options = settings.Relays.GetValueOrDefault(name, settings.Relay);
            ILogger<OutboxRelay> logger = loggers.CreateLogger<OutboxRelay>();
            IConnector sender = new SuppressingConnector(connector, name, store.Suppressions, time);
            if (settings.Policy?.Governs(name) == false)
            {
                sender = new UngovernedConnector(sender, settings.Policy);
            }

            OutboxRelay relay = new(name, sender, store.Outbox, signal, options, counted, time, jitter, logger, _desk);
            _relays.Add(relay);
            if (_desk?.Governs(name) == true)
            {
                _governed.Add(relay);
            }
        }
    }

    public void Begin(ShardId shard) => Add(_relays.Except(_governed), shard);

    public void CaughtUp(ShardId shard) => Add(_governed, shard);

    /// <summary>
    /// Lets the shard's running attempts finish, for a while: what takes longer is recorded when it ends, and the next
    /// owner may repeat it under the same idempotency key.
    /// </summary>
    public async Task EndAsync(ShardId shard)
    {
        Task removed = Task.WhenAll(_relays.Select(relay => relay.RemoveShardAsync(shard)));
        await removed.WaitAsync(_handOverTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Start()
    {
        _running = [.. _relays.Select(relay => Task.Run(() => relay.RunAsync(_stop.Token)))];
    }

    /// <summary>Lets running attempts finish and records what became of them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (OutboxRelay relay in _relays)
        {
            relay.Dispose();
        }

        _desk?.Dispose();
        _instruments.Dispose();
        foreach (IConnector connector in _connectors)
        {
            if (connector is IAsyncDisposable deferred)
            {
                await deferred.DisposeAsync();
            }
            else
            {
                (connector as IDisposable)?.Dispose();
            }
        }

        _stop.Dispose();
    }

    private static void Add(IEnumerable<OutboxRelay> relays, ShardId shard)
    {
        foreach (OutboxRelay relay in relays)
        {
            relay.AddShard(shard);
        }
    }
}
