using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>An attempt that came to its end; without a result when the relay's stop cut it off.</summary>
internal sealed record EndedAttempt(
    Lane Lane,
    PendingPush Pending,
    DeliveryResult? Result,
    Timestamp StartedAt,
    TimeSpan Took
);

/// <summary>A shard given to the relay, or (with <paramref name="Removed"/>) taken away from it.</summary>
internal readonly record struct ShardChange(ShardId Shard, TaskCompletionSource? Removed);

/// <summary>
/// What other threads tell the relay's loop. Bounded by the attempts allowed at once and by the number of shards.
/// Thread-safe.
/// </summary>
internal sealed class RelayInbox(Wakeup wakeup)
{
    private readonly Lock _lock = new();
    private readonly List<EndedAttempt> _ended = [];
    private readonly HashSet<ShardId> _raised = [];
    private readonly HashSet<ShardId> _replayed = [];
    private readonly List<ShardChange> _changes = [];
    private bool _closed;

    public void Ended(EndedAttempt attempt)
    {
        lock (_lock)
        {
            _ended.Add(attempt);
        }

        wakeup.Set();
    }

    public void Raised(ShardId shard)
    {
        lock (_lock)
        {
            _raised.Add(shard);
        }

        wakeup.Set();
    }

    public void Replayed(ShardId shard)
    {
        lock (_lock)
        {
            _replayed.Add(shard);
        }

        wakeup.Set();
    }

    public void Changed(ShardChange change)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _changes.Add(change);
                wakeup.Set();
                return;
            }
        }

        change.Removed?.SetResult();
    }

    /// <summary>The loop has ended: removals still asked for, or asked for from now on, complete at once.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _changes.ForEach(change => change.Removed?.SetResult());
            _changes.Clear();
        }
    }

    /// <summary>Moves everything that came into the given lists.</summary>
    public void Drain(List<EndedAttempt> ended, List<ShardId> raised, List<ShardId> replayed, List<ShardChange> changes)
    {
        lock (_lock)
        {
            ended.AddRange(_ended);
            raised.AddRange(_raised);
            replayed.AddRange(_replayed);
            changes.AddRange(_changes);
            _ended.Clear();
            _raised.Clear();
            _replayed.Clear();
            _changes.Clear();
        }
    }
}
