using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// The backlog of a connector without a policy: each lane holds its customer's pushes in the order of the outbox.
/// </summary>
internal sealed class Backlog : IBacklog
{
    private readonly Dictionary<(ShardId, CustomerId), Lane> _lanes = [];
    private readonly ReadyLanes _ready = new();
    private readonly PriorityQueue<Lane, Timestamp> _waiting = new();

    /// <summary>Pushes known, whatever their lane's state.</summary>
    public int Count { get; private set; }

    public int ReadyCount => _ready.Count;

    public Timestamp NextDue => _waiting.TryPeek(out _, out Timestamp due) ? due : Timestamp.Never;

    /// <summary>
    /// Takes in a push that comes after all others of its shard, but perhaps the first of a taken lane.
    /// </summary>
    public void Add(PendingPush pending, Timestamp now)
    {
        HeldPush push = new(pending.Place.Sequence, pending.MadeAt, pending.DueAt);
        (ShardId, CustomerId) key = (pending.Place.Shard, pending.Push.Customer);
        if (_lanes.TryGetValue(key, out Lane? lane))
        {
            if (push.Sequence != lane.Head.Sequence)
            {
                lane.Append(push);
                Count++;
            }

            return;
        }

        // The search for one that has not been tried may go through many that have: those are not kept whole.
        bool isKeptWhole = push.NotBefore <= now && pending.Push.Attempts == 0;
        lane = new(pending.Place.Shard, pending.Push.Customer, push, isKeptWhole ? pending : null)
        {
            Tries = pending.Push.Attempts,
        };
        _lanes.Add(key, lane);
        Count++;
        Enqueue(lane, now);
    }

    public void Wake(Timestamp now)
    {
        while (_waiting.TryPeek(out Lane? lane, out Timestamp due) && due <= now)
        {
            _waiting.Dequeue();
            Enqueue(lane, now);
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
        return true;
    }

    /// <summary>The first push of a taken lane is done with.</summary>
    public void Finish(Lane lane, Timestamp now)
    {
        if (!Knows(lane))
        {
            return;
        }

        Count--;
        if (lane.Advance())
        {
            Enqueue(lane, now);
        }
        else
        {
            _lanes.Remove((lane.Shard, lane.Customer));
        }
    }

    /// <summary>The first push of a taken lane is to be tried again later, and those behind it wait for it.</summary>
    public void Postpone(Lane lane, Timestamp notBefore, Timestamp now)
    {
        if (Knows(lane))
        {
            lane.Postpone(notBefore);
            Enqueue(lane, now);
        }
    }

    public void Remove(ShardId shard)
    {
        foreach (Lane lane in _lanes.Values.Where(lane => lane.Shard == shard).ToList())
        {
            _lanes.Remove((shard, lane.Customer));
            Count -= lane.Count;
        }

        _ready.Keep(Knows);
        var waiting = _waiting.UnorderedItems.Where(item => Knows(item.Element)).ToList();
        _waiting.Clear();
        _waiting.EnqueueRange(waiting);
    }

    /// <summary>
    /// Forgets the shard's pushes but those that taken lanes were taken for. These keep their turns: what is found
    /// before them comes after them.
    /// </summary>
    public void Restart(ShardId shard)
    {
        List<Lane> taken = [.. _lanes.Values.Where(lane => lane.Shard == shard && lane.Standing == LaneStanding.Taken)];
        Remove(shard);
        foreach (Lane lane in taken)
        {
            lane.ForgetFollowers();
            _lanes.Add((shard, lane.Customer), lane);
            Count++;
        }
    }

    public bool CanMakeRoom => false;

    /// <summary>None: the order in which a customer's pushes were read is part of what is known.</summary>
    public IReadOnlyList<(ShardId Shard, Timestamp Due)> MakeRoom() => [];

    private bool Knows(Lane lane) =>
        _lanes.TryGetValue((lane.Shard, lane.Customer), out Lane? known) && ReferenceEquals(known, lane);

    private void Enqueue(Lane lane, Timestamp now)
    {
        HeldPush head = lane.Head;
        if (head.NotBefore <= now)
        {
            lane.Standing = LaneStanding.Ready;
            _ready.Add(lane);
        }
        else
        {
            lane.Standing = LaneStanding.Waiting;
            _waiting.Enqueue(lane, head.NotBefore);
        }
    }
}
