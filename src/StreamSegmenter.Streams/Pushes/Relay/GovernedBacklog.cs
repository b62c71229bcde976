using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// The backlog of a connector whose pushes policy decides on. A lane is a customer with something pending, of which no
/// more is remembered than when to ask policy about it; which of the pushes goes is in the answer. So reading a push
/// twice does no harm.
/// </summary>
internal sealed class GovernedBacklog : IBacklog
{
    private readonly Dictionary<(ShardId, CustomerId), Lane> _lanes = [];
    private readonly ReadyLanes _ready = new();

    // A lane that is to be ready earlier than was thought is in here twice: the entry with its turn counts.
    private readonly PriorityQueue<(Lane Lane, int Turn), Timestamp> _waiting = new();

    public int Count => _lanes.Count;

    public int ReadyCount => _ready.Count;

    public Timestamp NextDue => _waiting.TryPeek(out _, out Timestamp due) ? due : Timestamp.Never;

    public void Add(PendingPush pending, Timestamp now)
    {
        (ShardId, CustomerId) key = (pending.Place.Shard, pending.Push.Customer);
        HeldPush push = new(pending.Place.Sequence, pending.MadeAt, pending.DueAt);
        if (!_lanes.TryGetValue(key, out Lane? lane))
        {
            lane = new(pending.Place.Shard, pending.Push.Customer, push, content: null)
            {
                Tries = pending.Push.Attempts,
            };
            _lanes.Add(key, lane);
            Enqueue(lane, now);
            return;
        }

        switch (lane.Standing)
        {
            case LaneStanding.Taken:
                lane.AskAgain = Timestamp.Min(lane.AskAgain, push.NotBefore);
                break;
            case LaneStanding.Waiting when push.NotBefore < lane.Head.NotBefore:
                lane.Postpone(push.NotBefore);
                Enqueue(lane, now);
                break;
        }
    }

    public void Wake(Timestamp now)
    {
        while (_waiting.TryPeek(out (Lane Lane, int Turn) entry, out Timestamp due) && due <= now)
        {
            _waiting.Dequeue();
            if (IsValid(entry))
            {
                Enqueue(entry.Lane, now);
            }
        }
    }

    public bool Suffices(LaneOrder order, int count) => _ready.Suffices(order, count);

    public bool TryTake(LaneOrder order, [NotNullWhen(true)] out Lane? lane)
    {
        if (!_ready.TryTake(order, out lane))
        {
            return false;
        }

        lane.Standing = LaneStanding.Taken;
        lane.AskAgain = Timestamp.Never;
        return true;
    }

    public void Finish(Lane lane, Timestamp now)
    {
        if (!Knows(lane))
        {
            return;
        }

        if (lane.AskAgain == Timestamp.Never)
        {
            _lanes.Remove((lane.Shard, lane.Customer));
            return;
        }

        lane.Tries = 0;
        lane.Postpone(lane.AskAgain);
        Enqueue(lane, now);
    }

    public void Postpone(Lane lane, Timestamp notBefore, Timestamp now)
    {
        if (Knows(lane))
        {
            lane.Postpone(Timestamp.Min(notBefore, lane.AskAgain));
            Enqueue(lane, now);
        }
    }

    public void Remove(ShardId shard)
    {
        foreach (Lane lane in _lanes.Values.Where(lane => lane.Shard == shard).ToList())
        {
            _lanes.Remove((shard, lane.Customer));
        }

        _ready.Keep(Knows);
        DropInvalid();
    }

    /// <summary>Nothing is forgotten, since reading a push twice does no harm.</summary>
    public void Restart(ShardId shard) { }

    public bool CanMakeRoom => _waiting.Count > 0;

    public IReadOnlyList<(ShardId Shard, Timestamp Due)> MakeRoom()
    {
        Lane[] latestFirst =
        [
            .. _lanes
                .Values.Where(static lane => lane.Standing == LaneStanding.Waiting)
                .OrderByDescending(static lane => lane.Head.NotBefore),
        ];
        Lane[] forgotten = latestFirst[..((latestFirst.Length + 1) / 2)];
        foreach (Lane lane in forgotten)
        {
            _lanes.Remove((lane.Shard, lane.Customer));
        }

        DropInvalid();
        return
        [
            .. forgotten
                .GroupBy(static lane => lane.Shard)
                .Select(static group => (group.Key, group.Min(static lane => lane.Head.NotBefore))),
        ];
    }

    private void DropInvalid()
    {
        var waiting = _waiting.UnorderedItems.Where(item => IsValid(item.Element)).ToList();
        _waiting.Clear();
        _waiting.EnqueueRange(waiting);
    }

    private bool IsValid((Lane Lane, int Turn) entry) => entry.Lane.Turn == entry.Turn && Knows(entry.Lane);

    private bool Knows(Lane lane) =>
        _lanes.TryGetValue((lane.Shard, lane.Customer), out Lane? known) && ReferenceEquals(known, lane);

    private void Enqueue(Lane lane, Timestamp now)
    {
        HeldPush head = lane.Head;
        lane.Turn++;
        if (head.NotBefore <= now)
        {
            lane.Standing = LaneStanding.Ready;
            _ready.Add(lane);
        }
        else
        {
            lane.Standing = LaneStanding.Waiting;
            _waiting.Enqueue((lane, lane.Turn), head.NotBefore);
        }
    }
}
