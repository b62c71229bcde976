using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Nodes;

/// <summary>
/// Says which member has which shard, cooperatively: a shard that moves is first given back by who has it. Who is
/// silent for too long is expelled, whatever it may believe meanwhile.
/// </summary>
internal sealed class Group(int shards, SimScheduler scheduler, SimProcess servers, FaultPlan faults)
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(10);

    private readonly List<Member> _members = [];
    private readonly Member?[] _owners = new Member?[shards];
    private readonly bool[] _moving = new bool[shards];
    private bool _planned;

    public ShardId[] Shards { get; } = [.. Enumerable.Range(0, shards).Select(shard => new ShardId(shard))];

    /// <summary>Members by who has which shard; null where nobody has it.</summary>
    public IReadOnlyList<Member?> Owners => _owners;

    public void Join(Member member)
    {
        if (!member.HasLeft && !_members.Contains(member))
        {
            Note(member, "joins the group");
            _members.Add(member);
            Plan(shuffled: false);
        }
    }

    public void Leave(Member member) => Remove(member, "leaves the group");

    /// <summary>The member is not heard of; if that lasts, it is expelled.</summary>
    public void Suspect(Member member)
    {
        member.SilentSince ??= scheduler.Now;
        scheduler.After(
            SessionTimeout,
            servers,
            () =>
            {
                if (member.SilentSince + SessionTimeout <= scheduler.Now && _members.Contains(member))
                {
                    faults.Count(member.Process.IsAlive ? "zombie" : "expelled after its death");
                    Remove(member, "is expelled");
                    member.Expel();
                }
            }
        );
    }

    public void Hear(Member member) => member.SilentSince = member.IsReachable ? null : member.SilentSince;

    /// <summary>Deals the shards anew.</summary>
    /// <param name="shuffled">Everybody gives some back, although it has no more than its share.</param>
    public void Plan(bool shuffled)
    {
        if (!_planned)
        {
            _planned = true;
            scheduler.After(faults.Latency(slow: false), servers, () => Deal(shuffled));
        }
    }

    /// <summary>Has a member give a shard back, and gives it the shard again at once.</summary>
    public void Bounce(ShardId shard)
    {
        if (_owners[shard.Value] is { } owner && !_moving[shard.Value])
        {
            faults.Count("revoked and given back");
            owner.Tell(new([shard], Take: false));
            owner.Tell(new([shard], Take: true));
        }
    }

    public void Released(Member member, ShardId[] released)
    {
        foreach (ShardId shard in released.Where(shard => _owners[shard.Value] == member && _moving[shard.Value]))
        {
            _moving[shard.Value] = false;
            _owners[shard.Value] = null;
        }

        Plan(shuffled: false);
    }

    private void Remove(Member member, string how)
    {
        if (!_members.Remove(member))
        {
            return;
        }

        Note(member, how);
        for (int shard = 0; shard < shards; shard++)
        {
            if (_owners[shard] == member)
            {
                (_owners[shard], _moving[shard]) = (null, false);
            }
        }

        Plan(shuffled: false);
    }

    private void Deal(bool shuffled)
    {
        _planned = false;
        if (_members.Count == 0)
        {
            return;
        }

        faults.Count("rebalance");
        int[] order = [.. Enumerable.Range(0, shards)];
        faults.Random.Shuffle(order);
        int fair = (shards + _members.Count - 1) / _members.Count;
        Dictionary<Member, int> kept = _members.ToDictionary(member => member, _ => 0);
        foreach (int shard in order)
        {
            if (_owners[shard] is { } owner && ++kept[owner] > fair - (shuffled ? 1 : 0) && !_moving[shard])
            {
                _moving[shard] = true;
                owner.Tell(new([new(shard)], Take: false));
            }
        }

        foreach (int shard in order.Where(shard => _owners[shard] is null))
        {
            Member wanted = _members.MinBy(member => kept[member])!;
            kept[wanted]++;
            _owners[shard] = wanted;
            wanted.Tell(new([new(shard)], Take: true));
        }
    }

    private void Note(Member member, string what) => scheduler.Trace.Add(scheduler.Now, member.Process.Name, what);
}
