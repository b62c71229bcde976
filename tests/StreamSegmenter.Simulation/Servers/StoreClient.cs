using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Servers;

/// <summary>The state store as one node sees it.</summary>
internal sealed class StoreClient(StateServer server, Wire wire)
    : IShardOwnership,
        ICustomerReader,
        IShardCommitter,
        IMembershipReader,
        IOutbox
{
    public const string Store = "store";

    public ValueTask<ShardStart> AcquireAsync(
        ShardId shard,
        int partitionCount,
        string owner,
        CancellationToken cancellationToken
    ) => CallAsync("acquire", shard, () => server.Acquire(shard, partitionCount, owner), cancellationToken);

    public ValueTask<string?> FindOwnerAsync(ShardId shard, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A node's shards and relays do not ask.");

    public ValueTask<IReadOnlyList<StoredCustomer>> LoadAsync(
        ShardId shard,
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    )
    {
        // The caller may use its collection again when it is told that the call has failed.
        CustomerId[] wanted = [.. customers];
        return CallAsync("load", shard, () => server.Load(shard, wanted), cancellationToken);
    }

    public ValueTask<IReadOnlyList<StoredCustomer>> LoadDueAsync(
        ShardId shard,
        Timestamp before,
        Timestamp afterDue,
        CustomerId? afterCustomer,
        int max,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            "load due",
            shard,
            () => server.LoadDue(shard, before, afterDue, afterCustomer, max),
            cancellationToken
        );

    public ValueTask<CommitResult> CommitCheckpointAsync(
        ShardLease lease,
        Checkpoint checkpoint,
        CancellationToken cancellationToken
    ) => CallAsync("checkpoint", lease.Shard, () => server.Commit(lease, checkpoint), cancellationToken);

    public ValueTask<CommitResult> CommitEffectsAsync(
        ShardLease lease,
        EffectBatch effects,
        CancellationToken cancellationToken
    ) => CallAsync("effects", lease.Shard, () => server.Commit(lease, effects), cancellationToken);

    public ValueTask<IReadOnlyList<Transition>> GetHistoryAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    ) => CallAsync("history", new(-1), () => server.History(customers), cancellationToken);

    public ValueTask<IReadOnlyList<PendingPush>> ReadPendingAsync(
        ConnectorName connector,
        ShardId shard,
        long after,
        int max,
        CancellationToken cancellationToken
    ) => CallAsync("outbox read", shard, () => server.ReadPending(connector, shard, after, max), cancellationToken);

    public async ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken) =>
        await CallAsync("outbox update", new(-1), () => server.Update(updates), cancellationToken);

    public ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(
        CancellationToken cancellationToken
    ) => throw new NotSupportedException("A node's shards and relays do not count.");

    public ValueTask<IReadOnlyList<Membership>> GetMembershipsAsync(
        CustomerId customer,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException("A node's shards and relays do not ask.");

    public ValueTask<IReadOnlyDictionary<SegmentName, long>> CountMembersAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("A node's shards and relays do not count.");

    public IAsyncEnumerable<Transition> ReadTransitionsAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException("A node's shards and relays do not ask.");

    private ValueTask<T> CallAsync<T>(string call, ShardId shard, Func<T> effect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return wire.CallAsync(call, Store, shard.Value, effect);
    }
}
