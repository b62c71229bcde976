using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>What shards work with; shared by all of them.</summary>
/// <param name="Memberships">The committed history, read when the definitions have changed.</param>
public sealed record ShardServices(
    IEventLogReader Log,
    IShardOwnership Ownership,
    ICustomerReader Customers,
    IShardCommitter Committer,
    IMembershipReader Memberships,
    OutboxSignal Outbox,
    IShardObserver Observer,
    TimeProvider Time
)
{
    /// <summary>Null: nothing is counted.</summary>
    public ShardInstruments? Instruments { get; init; }

    /// <summary>
    /// Commits effects, then tells relays and observer. Not cancelled: half a stop would lose nothing but time.
    /// </summary>
    /// <exception cref="ShardFencedException">Somebody else owns the shard now.</exception>
    internal async ValueTask CommitAsync(ShardLease lease, EffectBatch batch)
    {
        CommitResult result = await Committer.CommitEffectsAsync(lease, batch, CancellationToken.None);
        ShardFencedException.ThrowIf(result, lease);
        Announce(lease, batch);
    }

    /// <summary>Tells relays and observer of effects that are on stable storage.</summary>
    internal void Announce(ShardLease lease, EffectBatch batch)
    {
        foreach (ConnectorName connector in batch.Pushes.Select(push => push.Connector).Distinct())
        {
            Outbox.Raise(connector, lease.Shard);
        }

        foreach (DeadLetter letter in batch.DeadLetters)
        {
            Instruments?.Buried(letter.Reason);
        }

        Observer.TransitionsCommitted(lease.Shard, batch.Transitions);
    }
}
