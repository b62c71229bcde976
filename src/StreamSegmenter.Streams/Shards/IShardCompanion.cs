using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>Does something for each shard of this node, such as delivering its pushes. Thread-safe.</summary>
public interface IShardCompanion
{
    /// <summary>The shard's loop is about to run.</summary>
    void Begin(ShardId shard);

    /// <summary>
    /// The shard has applied and committed all that its log held when the loop began, and let time act since. At most
    /// once between <see cref="Begin"/> and <see cref="EndAsync"/>.
    /// </summary>
    void CaughtUp(ShardId shard);

    /// <summary>The shard's loop has ended. Completes when nothing is done for the shard any more.</summary>
    Task EndAsync(ShardId shard);
}
