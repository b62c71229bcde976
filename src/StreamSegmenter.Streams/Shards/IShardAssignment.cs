using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>
/// Decides which shards this node is to own, as nodes come and go. That two nodes never write the same shard does not
/// depend on it: the owner epoch in the state store sees to that.
/// </summary>
public interface IShardAssignment
{
    /// <summary>
    /// Takes part in the assignment until <paramref name="stop"/>, then has the host release what it has, and returns.
    /// Calls the host one call at a time. An exception says that this node can take part no more.
    /// </summary>
    Task RunAsync(IShardHost host, CancellationToken stop);
}

/// <summary>Runs the shards that it is told to. Thread-safe.</summary>
public interface IShardHost
{
    /// <summary>
    /// Begins to own these shards: bumps their epochs, loads, replays and follows, all in the background. Shards that
    /// it has already go on undisturbed; one that is just being released is taken once that has ended.
    /// </summary>
    void Take(IReadOnlyCollection<ShardId> shards);

    /// <summary>
    /// Stops these shards: what is in hand is committed and a last checkpoint written. Completes when they have
    /// stopped; the caller may give up waiting and hand them over, since a commit that comes too late is refused.
    /// </summary>
    Task ReleaseAsync(IReadOnlyCollection<ShardId> shards);

    /// <summary>
    /// Where the shard stands: all records before it are applied and their effects on stable storage. Null while that
    /// is not known, and of a shard that is not here.
    /// </summary>
    LogPosition? CommittedPosition(ShardId shard);
}

/// <summary>All shards belong to this one node, from the start to the end.</summary>
public sealed class WholeAssignment(int shards) : IShardAssignment
{
    public async Task RunAsync(IShardHost host, CancellationToken stop)
    {
        ShardId[] all = [.. Enumerable.Range(0, shards).Select(shard => new ShardId(shard))];
        host.Take(all);
        var stopped = new TaskCompletionSource();
        using (stop.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), stopped))
        {
            await stopped.Task;
        }

        await host.ReleaseAsync(all);
    }
}
