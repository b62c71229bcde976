using System.Security.Cryptography;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Hosting;

/// <summary>One relay a connector, each delivering for all shards of this node.</summary>
internal sealed class RelayGroup : IAsyncDisposable
{
    private readonly List<OutboxRelay> _relays = [];
    private readonly IReadOnlyCollection<IConnector> _connectors;
    private readonly CancellationTokenSource _stop = new();
    private Task[] _running = [];

    public RelayGroup(
        NodeSettings settings,
        IOutbox outbox,
        OutboxSignal signal,
        IDeliveryObserver observer,
        TimeProvider time,
        ILoggerFactory loggers
    )
    {
        _connectors = [.. settings.Connectors.Values];
        foreach ((ConnectorName name, IConnector connector) in settings.Connectors)
        {
            var jitter = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
            ILogger<OutboxRelay> logger = loggers.CreateLogger<OutboxRelay>();
            _relays.Add(new(name, connector, outbox, signal, settings.Relay, observer, time, jitter, logger));
        }
    }

    public void Start(int shards)
    {
        foreach (OutboxRelay relay in _relays)
        {
            for (int shard = 0; shard < shards; shard++)
            {
                relay.AddShard(new ShardId(shard));
            }
        }

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

        foreach (IAsyncDisposable connector in _connectors.OfType<IAsyncDisposable>())
        {
            await connector.DisposeAsync();
        }

        _stop.Dispose();
    }
}
