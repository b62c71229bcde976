using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Nodes;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation;

/// <summary>Troubles larger than a failing call, at moments drawn from the seed.</summary>
internal sealed class Troubles(WorldParts world, IReadOnlyList<SimNode> nodes)
{
    private readonly FaultPlan _faults = world.Faults;

    /// <summary>Spreads them over the time in which events come.</summary>
    public void Plan(TimeSpan span)
    {
        for (int i = 0; i < _faults.Profile.Troubles; i++)
        {
            world.Scheduler.After(span * _faults.Random.NextDouble(), world.Servers, Befall);
        }
    }

    private void Befall()
    {
        if (_faults.Healed)
        {
            return;
        }

        SimNode node = nodes[_faults.Random.Next(nodes.Count)];
        switch (_faults.Random.Next(14))
        {
            case 0 or 1:
                Crash(node);
                break;
            case 2 or 3:
                Pause(node);
                break;
            case 4:
                Isolate(node);
                break;
            case 5:
                Restart(node);
                break;
            case 6:
                Storm();
                break;
            case 7:
                _faults.Begin(StoreClient.Store, _faults.Between(0.5, 60));
                break;
            case 8 or 9:
                world.Log.MoveLeader(Shard().Partition);
                break;
            case 10:
                Provider provider = world.Providers[_faults.Random.Next(world.Providers.Count)];
                _faults.Begin(provider.Name.Value, _faults.Between(5, 600));
                break;
            case 11:
                JumpClock(node);
                break;
            case 12:
                world.Group.Bounce(Shard());
                break;
            default:
                CrashAll();
                break;
        }
    }

    private ShardId Shard() => new(_faults.Random.Next(world.Partitions));

    private void Crash(SimNode node)
    {
        if (node.IsUp)
        {
            node.Process!.DieIn(_faults.Random.Next(200));
        }
    }

    private void Pause(SimNode node)
    {
        if (node is not { IsUp: true, Process: { IsPaused: false } process, Member: { } member })
        {
            return;
        }

        _faults.Count("pause");
        Note(node, "is paused");
        process.Pause();
        world.Group.Suspect(member);
        world.Scheduler.After(
            _faults.Between(1, 120),
            world.Servers,
            () =>
            {
                process.Resume();
                world.Group.Hear(member);
            }
        );
    }

    private void Isolate(SimNode node)
    {
        if (node is not { IsUp: true, Member: { IsIsolated: false } member })
        {
            return;
        }

        _faults.Count("isolation from the group");
        Note(node, "is isolated");
        member.Isolate();
        world.Group.Suspect(member);
        world.Scheduler.After(
            _faults.Between(1, 120),
            world.Servers,
            () =>
            {
                member.Reconnect();
                world.Group.Hear(member);
            }
        );
    }

    private void Restart(SimNode node)
    {
        _faults.Count("orderly restart");
        Note(node, "is asked to stop");
        node.Stop();
        node.RestartAfter(_faults.Between(1, 30));
    }

    private void Storm()
    {
        _faults.Count("rebalance storm");
        TimeSpan at = TimeSpan.Zero;
        for (int i = _faults.Random.Next(3, 20); i > 0; i--)
        {
            at += _faults.Between(0.05, 2);
            world.Scheduler.After(at, world.Servers, () => world.Group.Plan(shuffled: true));
        }
    }

    private void JumpClock(SimNode node)
    {
        if (node.IsUp)
        {
            _faults.Count("clock jump");
            Note(node, "has its clock set");
            node.Process!.Clock.Skew += _faults.Between(-600, 600);
        }
    }

    private void CrashAll()
    {
        _faults.Count("all nodes crash");
        foreach (SimNode node in nodes.Where(node => node.IsUp))
        {
            node.Crash();
        }
    }

    private void Note(SimNode node, string what) => world.Scheduler.Trace.Add(world.Scheduler.Now, node.Name, what);
}
