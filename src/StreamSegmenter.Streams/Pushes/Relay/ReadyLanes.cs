using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>Which of the ready lanes goes first.</summary>
internal enum LaneOrder
{
    OldestFirst,

    /// <summary>For trials: the one that failed least often, and of those the oldest.</summary>
    LeastTriedFirst,
}

/// <summary>
/// The lanes whose turn has come, in the order that was last asked for; another one costs a pass over all of them. Not
/// thread-safe.
/// </summary>
internal sealed class ReadyLanes
{
    private readonly PriorityQueue<Lane, (int Tries, Timestamp MadeAt, int Shard, long Sequence)> _queue = new();
    private LaneOrder _order = LaneOrder.OldestFirst;
    private int _untried;

    public int Count => _queue.Count;

    /// <summary>
    /// Whether these do for so many attempts. For a trial, one does that has not failed yet: behind those that have,
    /// there may be others in the outbox.
    /// </summary>
    public bool Suffices(LaneOrder order, int count) => order == LaneOrder.OldestFirst ? Count >= count : _untried > 0;

    public void Add(Lane lane)
    {
        _untried += lane.Tries == 0 ? 1 : 0;
        _queue.Enqueue(lane, Rank(lane));
    }

    public bool TryTake(LaneOrder order, [NotNullWhen(true)] out Lane? lane)
    {
        if (order != _order)
        {
            _order = order;
            Keep(static _ => true);
        }

        if (!_queue.TryDequeue(out lane, out _))
        {
            return false;
        }

        _untried -= lane.Tries == 0 ? 1 : 0;
        return true;
    }

    /// <summary>Forgets the others.</summary>
    public void Keep(Func<Lane, bool> isKept)
    {
        List<Lane> kept = [.. _queue.UnorderedItems.Select(static item => item.Element).Where(isKept)];
        _queue.Clear();
        _untried = 0;
        kept.ForEach(Add);
    }

    private (int Tries, Timestamp MadeAt, int Shard, long Sequence) Rank(Lane lane) =>
        (_order == LaneOrder.LeastTriedFirst ? lane.Tries : 0, lane.Head.MadeAt, lane.Shard.Value, lane.Head.Sequence);
}
