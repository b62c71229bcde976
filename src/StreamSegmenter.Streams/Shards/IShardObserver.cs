using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>Counts of what became of records, since the shard started.</summary>
/// <param name="Applied">Events that reached a customer's timeline.</param>
/// <param name="Duplicates">Messages seen before.</param>
/// <param name="Rejected">Records that are no events; each is in the dead letters.</param>
/// <param name="Clamped">Events that claimed to come from the future and were taken to be of their log time.</param>
/// <param name="Evicted">Timeline entries given up because a timeline was full.</param>
public readonly record struct RecordCounts(long Applied, long Duplicates, long Rejected, long Clamped, long Evicted);

/// <summary>
/// Watches shards, for metrics and for people. Called on the shard's own loop: it must return quickly.
/// </summary>
public interface IShardObserver
{
    /// <summary>The transitions are on stable storage.</summary>
    void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions);

    /// <summary>
    /// A shard stopped, for good as far as this node is concerned: because of <paramref name="error"/>, or, with null,
    /// because it was asked to.
    /// </summary>
    void Stopped(ShardId shard, Exception? error);

    /// <summary>A shard stopped because of a trouble that may pass; it is taken over again after a pause.</summary>
    void WillRestart(ShardId shard, Exception error, TimeSpan pause);
}
