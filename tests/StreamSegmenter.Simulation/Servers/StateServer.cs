using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Servers;

/// <summary>The one state store of a world. Each call is one step; everything written is kept in the ledger.</summary>
internal sealed class StateServer(SimScheduler scheduler, Sabotage sabotage)
{
    private readonly InMemoryStateStore _store = new();

    public StateLedger Ledger { get; } = new();

    public IReadOnlyDictionary<ConnectorName, OutboxCounts> Outbox => Done(_store.Outbox.CountAsync(default));

    public ShardStart Acquire(ShardId shard, int partitions, string owner)
    {
        ShardStart start = Done(_store.AcquireAsync(shard, partitions, owner, default));
        Ledger.Entries.Add(new(shard, start.Lease.Epoch.Value, true, scheduler.Now) { Owner = owner });
        return sabotage == Sabotage.TicksAreForgotten ? start with { Ticks = [] } : start;
    }

    public IReadOnlyList<StoredCustomer> Load(ShardId shard, IReadOnlyCollection<CustomerId> customers) =>
        Done(_store.LoadAsync(shard, customers, default));

    public IReadOnlyList<StoredCustomer> LoadDue(
        ShardId shard,
        Timestamp before,
        Timestamp afterDue,
        CustomerId? afterCustomer,
        int max
    ) => Done(_store.LoadDueAsync(shard, before, afterDue, afterCustomer, max, default));

    public CommitResult Commit(ShardLease lease, Checkpoint checkpoint)
    {
        Checkpoint written =
            sabotage == Sabotage.CheckpointsLoseCustomers
                ? checkpoint with
                {
                    Customers = [.. checkpoint.Customers.Skip(checkpoint.Customers.Count > 1 ? 1 : 0)],
                }
                : checkpoint;
        CommitResult result = Done(_store.CommitCheckpointAsync(Shown(lease), written, default));
        Ledger.Entries.Add(Entry(lease, result) with { Checkpoint = checkpoint });
        return result;
    }

    public CommitResult Commit(ShardLease lease, EffectBatch effects)
    {
        EffectBatch written = sabotage switch
        {
            Sabotage.CommitsForgetThePosition => effects with { Position = default },
            Sabotage.CommitsForgetPushes when effects.Pushes.Count > 1 => effects with
            {
                Pushes = [.. effects.Pushes.SkipLast(1)],
            },
            _ => effects,
        };
        CommitResult result = Done(_store.CommitEffectsAsync(Shown(lease), written, default));
        Ledger.Entries.Add(Entry(lease, result) with { Effects = effects });
        return result;
    }

    public IReadOnlyList<Transition> History(IReadOnlyCollection<CustomerId> customers) =>
        Done(_store.GetHistoryAsync(customers, default));

    public IReadOnlyList<Membership> Memberships(CustomerId customer) =>
        Done(_store.GetMembershipsAsync(customer, default));

    public IReadOnlyList<PendingPush> ReadPending(ConnectorName connector, ShardId shard, long after, int max) =>
        Done(_store.Outbox.ReadPendingAsync(connector, shard, after, max, default));

    public bool Update(IReadOnlyList<OutboxUpdate> updates)
    {
        if (sabotage == Sabotage.OutcomesAreForgotten && scheduler.Steps % 10 == 0)
        {
            return true;
        }

        _store.Outbox.UpdateAsync(updates, default).AsTask().Wait();
        foreach (OutboxUpdate update in updates.Where(update => update is not OutboxUpdate.Postponed))
        {
            Ledger.Ends.TryAdd(update.Id, (update, scheduler.Now));
        }

        return true;
    }

    private StoreEntry Entry(ShardLease lease, CommitResult result) =>
        new(lease.Shard, lease.Epoch.Value, result == CommitResult.Committed, scheduler.Now);

    // A store without a fence takes a commit of anybody.
    private ShardLease Shown(ShardLease lease) =>
        sabotage == Sabotage.EpochsAreIgnored
            ? lease with
            {
                Epoch = new(Ledger.Entries.Last(entry => entry.Shard == lease.Shard && entry.Owner is not null).Epoch),
            }
            : lease;

    // What is in memory answers at once.
    private static T Done<T>(ValueTask<T> answer) => answer.AsTask().Result;
}
