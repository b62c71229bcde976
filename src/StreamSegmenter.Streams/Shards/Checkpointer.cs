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
    private Task<CommitResult> _running = Task.FromResult(CommitResult.Committed);
    private long _started = time.GetTimestamp();

    /// <summary>Whether every handed-over change is on stable storage.</summary>
    public bool Idle => _running.IsCompleted;

    /// <summary>Throws what the last write threw, and <see cref="ShardFencedException"/> when it was refused.</summary>
    public async ValueTask ObserveAsync(ShardLease lease)
    {
        if (_running.IsCompleted)
        {
            Check(await _running, lease);
        }
    }

    public bool IsDue(SegmentationShard shard) =>
        Idle
        && shard.ChangedCustomers > 0
        && (
            shard.ChangedCustomers >= options.CheckpointCustomers
            || time.GetElapsedTime(_started) >= options.CheckpointInterval
        );

    /// <summary>Starts a checkpoint. All effects before <paramref name="position"/> are committed.</summary>
    public void Start(ShardLease lease, SegmentationShard shard, LogPosition position, string definitions)
    {
        StoredCustomer[] customers =
        [
            .. shard.TakeChanged().Select(packed => new StoredCustomer(packed.Customer, packed.NextDue, packed.State)),
        ];
        var checkpoint = new Checkpoint(position, shard.Now, definitions, customers);
        _started = time.GetTimestamp();
        _running = Task.Run(() => committer.CommitCheckpointAsync(lease, checkpoint, CancellationToken.None).AsTask());
    }

    /// <summary>Waits until the checkpoint under way is written.</summary>
    public async ValueTask CompleteAsync(ShardLease lease) => Check(await _running, lease);

    private static void Check(CommitResult result, ShardLease lease)
    {
        if (result == CommitResult.Fenced)
        {
            throw new ShardFencedException(lease);
        }
    }
}
