using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>Somebody else owns the shard now: this owner must stop and has written nothing since.</summary>
public sealed class ShardFencedException(ShardLease lease)
    : InvalidOperationException(
        $"Shard {lease.Shard} was taken over: epoch {lease.Epoch.Value} is no longer the newest. "
            + "Another process works on the same state store; stop one of them."
    )
{
    internal static void ThrowIf(CommitResult result, ShardLease lease)
    {
        if (result == CommitResult.Fenced)
        {
            throw new ShardFencedException(lease);
        }
    }
}
