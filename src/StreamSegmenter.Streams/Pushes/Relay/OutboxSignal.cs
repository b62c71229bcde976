using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Tells relays that pushes were committed, so that nobody polls. Thread-safe; raising it is cheap and never waits.
/// </summary>
public sealed class OutboxSignal
{
    private readonly Lock _lock = new();
    private Subscription[] _subscriptions = [];

    /// <summary>
    /// Call it after the commit of pushes to <paramref name="connector"/> from <paramref name="shard"/>.
    /// </summary>
    public void Raise(ConnectorName connector, ShardId shard)
    {
        foreach (Subscription subscription in Volatile.Read(ref _subscriptions))
        {
            if (subscription.Connector == connector)
            {
                subscription.Raised(shard);
            }
        }
    }

    /// <summary>Call it after pushes to <paramref name="connector"/> were put back.</summary>
    /// <param name="connector">Null when it is not known whose they are.</param>
    public void RaiseReplayed(ConnectorName? connector, ShardId shard)
    {
        foreach (Subscription subscription in Volatile.Read(ref _subscriptions))
        {
            if (connector is null || subscription.Connector == connector)
            {
                subscription.Replayed(shard);
            }
        }
    }

    /// <summary>Calls the actions, on the raiser's thread, until the result is disposed.</summary>
    internal IDisposable Subscribe(ConnectorName connector, Action<ShardId> raised, Action<ShardId> replayed)
    {
        Subscription subscription = new(this, connector, raised, replayed);
        lock (_lock)
        {
            Volatile.Write(ref _subscriptions, [.. _subscriptions, subscription]);
        }

        return subscription;
    }

    private sealed class Subscription(
        OutboxSignal owner,
        ConnectorName connector,
        Action<ShardId> raised,
        Action<ShardId> replayed
    ) : IDisposable
    {
        public ConnectorName Connector => connector;

        public Action<ShardId> Raised => raised;

        public Action<ShardId> Replayed => replayed;

        public void Dispose()
        {
            lock (owner._lock)
            {
                Volatile.Write(ref owner._subscriptions, [.. owner._subscriptions.Where(s => s != this)]);
            }
        }
    }
}
