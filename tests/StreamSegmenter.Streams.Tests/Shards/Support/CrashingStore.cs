using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

internal enum StoreCall
{
    Acquire,
    Load,
    LoadDue,
    Checkpoint,
    Effects,
    History,
    ReadLog,
}

internal enum Fault
{
    None,

    /// <summary>The process dies and the call never takes effect.</summary>
    CrashBefore,

    /// <summary>The call takes effect, but its answer is lost.</summary>
    CrashAfter,

    /// <summary>The call takes effect later; a process that died meanwhile does not learn of it.</summary>
    Slow,
}

internal sealed class CrashedException() : Exception("the process died here");

/// <summary>
/// Store and log as one process sees them. The process dies where its plan says or when it is killed: from then on no
/// call answers.
/// </summary>
internal sealed class CrashingStore(
    StoreParts inner,
    IEventLogReader log,
    Func<StoreCall, Fault> plan,
    TimeSpan slowness,
    TimeProvider time
) : IShardOwnership, ICustomerReader, IShardCommitter, IMembershipReader, IEventLogReader
{
    public bool Dead { get; private set; }

    public int PartitionCount => log.PartitionCount;

    public void Kill() => Dead = true;

    public ValueTask<ShardStart> AcquireAsync(
        ShardId shard,
        int partitionCount,
        string owner,
        CancellationToken token
    ) => CallAsync(StoreCall.Acquire, () => inner.Ownership.AcquireAsync(shard, partitionCount, owner, token));

    public ValueTask<string?> FindOwnerAsync(ShardId shard, CancellationToken token) =>
        inner.Ownership.FindOwnerAsync(shard, token);

    public ValueTask<IReadOnlyList<StoredCustomer>> LoadAsync(
        ShardId shard,
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken token
    ) => CallAsync(StoreCall.Load, () => inner.Customers.LoadAsync(shard, customers, token));

    public ValueTask<IReadOnlyList<StoredCustomer>> LoadDueAsync(
        ShardId shard,
        Timestamp before,
        Timestamp afterDue,
        CustomerId? afterCustomer,
        int max,
        CancellationToken token
    ) =>
        CallAsync(
            StoreCall.LoadDue,
            () => inner.Customers.LoadDueAsync(shard, before, afterDue, afterCustomer, max, token)
        );

    public ValueTask<CommitResult> CommitCheckpointAsync(
        ShardLease lease,
        Checkpoint checkpoint,
        CancellationToken token
    ) => CallAsync(StoreCall.Checkpoint, () => inner.Committer.CommitCheckpointAsync(lease, checkpoint, token));

    public ValueTask<CommitResult> CommitEffectsAsync(ShardLease lease, EffectBatch effects, CancellationToken token) =>
        CallAsync(StoreCall.Effects, () => inner.Committer.CommitEffectsAsync(lease, effects, token));

    public ValueTask<IReadOnlyList<Transition>> GetHistoryAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken token
    ) => CallAsync(StoreCall.History, () => inner.Memberships.GetHistoryAsync(customers, token));

    public ValueTask<LogRange> GetRangeAsync(PartitionId partition, CancellationToken token) =>
        CallAsync(StoreCall.ReadLog, () => log.GetRangeAsync(partition, token));

    public ValueTask<LogBatch> ReadAsync(
        PartitionId partition,
        LogPosition from,
        int maxRecords,
        TimeSpan wait,
        CancellationToken token
    ) =>
        CallAsync(
            StoreCall.ReadLog,
            async () => Perishable(await log.ReadAsync(partition, from, maxRecords, wait, token))
        );

    // As a log that uses the memory again: whoever looks at a payload after the release finds something else.
    private static LogBatch Perishable(LogBatch batch)
    {
        byte[][] payloads = [.. batch.Records.Select(record => record.Payload.ToArray())];
        return batch with
        {
            Records = [.. batch.Records.Select((record, i) => record with { Payload = payloads[i] })],
            Memory = new Spoiler(payloads),
        };
    }

    public ValueTask<IReadOnlyList<Membership>> GetMembershipsAsync(CustomerId customer, CancellationToken token) =>
        inner.Memberships.GetMembershipsAsync(customer, token);

    public ValueTask<IReadOnlyDictionary<SegmentName, long>> CountMembersAsync(CancellationToken token) =>
        inner.Memberships.CountMembersAsync(token);

    public IAsyncEnumerable<Transition> ReadTransitionsAsync(CancellationToken token) =>
        inner.Memberships.ReadTransitionsAsync(token);

    private async ValueTask<T> CallAsync<T>(StoreCall call, Func<ValueTask<T>> action)
    {
        ThrowIfDead();
        Fault fault = plan(call);
        if (fault == Fault.CrashBefore)
        {
            Kill();
            ThrowIfDead();
        }

        if (fault == Fault.Slow)
        {
            await Task.Delay(slowness, time);
        }

        T answer = await action();
        Dead |= fault == Fault.CrashAfter;
        ThrowIfDead();
        return answer;
    }

    private void ThrowIfDead()
    {
        if (Dead)
        {
            throw new CrashedException();
        }
    }

    private sealed class Spoiler(byte[][] payloads) : IDisposable
    {
        public void Dispose() => Array.ForEach(payloads, static payload => payload.AsSpan().Fill((byte)'?'));
    }
}
