using StreamSegmenter.Segmentation;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// Writes what changed, every few seconds, while the shard goes on: packing happens on the shard's loop, the
/// transaction beside it. One at a time.
/// </summary>
internal sealed class Checkpointer(ShardOptions options, IShardCommitter committer, TimeProvider time)
{
    // Not null until its end was observed: a checkpoint that failed behind our back must not count as written.
    private Task<CommitResult>? _running;
    private long _started = time.GetTimestamp();

    /// <summary>Whether every handed-over change is known to be on stable storage.</summary>
    public bool Idle => _running is null;

    /// <summary>Throws what the last write threw, and <see cref="ShardFencedException"/> when it was refused.</summary>
    public ValueTask ObserveAsync(ShardLease lease) =>
        _running is { IsCompleted: true } ? CompleteAsync(lease) : ValueTask.CompletedTask;

    public bool IsDue(SegmentationShard shard) =>
        Idle
        && shard.ChangedCustomers > 0
        && (IsFull(shard) || time.GetElapsedTime(_started) >= options.CheckpointInterval);

    /// <summary>Whether the store is so slow that the next checkpoint is full before this one is written.</summary>
    public bool IsBehind(SegmentationShard shard) => !Idle && IsFull(shard);

    /// <summary>Whether so many customers have changed that no more should before a checkpoint has started.</summary>
    public bool IsFull(SegmentationShard shard) => shard.ChangedCustomers >= options.CheckpointCustomers;

    /// <summary>
    /// Starts a checkpoint of everything that changed. It is written when <paramref name="effects"/>, the commit of the
    /// last effects before its position, is on stable storage; never when that failed or was refused.
    /// </summary>
    public void Start(
        ShardLease lease,
        SegmentationShard shard,
        LogPosition position,
        string definitions,
        Task<CommitResult> effects
    )
    {
        var checkpoint = new Checkpoint(position, shard.Now, definitions, TakeChanged(shard));
        _started = time.GetTimestamp();
        _running = WriteAsync(lease, checkpoint, effects);
    }

    /// <summary>Waits until the checkpoint under way, if any, is written.</summary>
    public async ValueTask CompleteAsync(ShardLease lease)
    {
        if (_running is not null)
        {
            ShardFencedException.ThrowIf(await _running, lease);
            _running = null;
        }
    }

    private async Task<CommitResult> WriteAsync(ShardLease lease, Checkpoint checkpoint, Task<CommitResult> effects)
    {
        CommitResult result = await effects;
        return result == CommitResult.Committed
            ? await committer.CommitCheckpointAsync(lease, checkpoint, CancellationToken.None)
            : result;
    }

    public static StoredCustomer[] TakeChanged(SegmentationShard shard) =>
        [.. shard.TakeChanged().Select(packed => new StoredCustomer(packed.Customer, packed.NextDue, packed.State))];
}
