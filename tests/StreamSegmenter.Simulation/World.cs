using StreamSegmenter.Simulation.Checks;
using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Nodes;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Simulation;

/// <summary>What came of a run.</summary>
/// <param name="Violations">Each names the invariant that does not hold; empty when all do.</param>
internal sealed record WorldResult(
    int Seed,
    ulong TraceHash,
    IReadOnlyList<string> Violations,
    IReadOnlyDictionary<string, long> Faults,
    WorldSize Size,
    IReadOnlyList<string> Tail
);

/// <summary>How much happened in a run.</summary>
internal readonly record struct WorldSize(long Records, long Transitions, long Pushes, long Steps, TimeSpan Time)
{
    public static WorldSize operator +(in WorldSize a, in WorldSize b) =>
        new(
            a.Records + b.Records,
            a.Transitions + b.Transitions,
            a.Pushes + b.Pushes,
            a.Steps + b.Steps,
            a.Time + b.Time
        );
}

/// <summary>
/// Nodes, log, store, providers and producers, drawn from a seed, and lived through: a time of troubles, then one of
/// peace in which everything must come to rest; then the invariants are checked.
/// </summary>
internal sealed class World
{
    // What may have been put off by a clock that was wrong, by a gate, or by a provider that asked for patience.
    private static readonly TimeSpan Peace = TimeSpan.FromMinutes(30);

    // What was under way when the troubles ended: slow calls, requests that land late.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    private readonly WorldParts _parts;
    private readonly SimNode[] _nodes;
    private readonly Producers _producers;
    private readonly FaultPlan _faults;
    private readonly SimScheduler _scheduler;
    private readonly DateTimeOffset _start;

    private World(WorldParts parts)
    {
        (_parts, _faults, _scheduler) = (parts, parts.Faults, parts.Scheduler);
        _start = _scheduler.Now;
        _nodes = [.. Enumerable.Range(0, _faults.Random.Next(3, 6)).Select(i => new SimNode(parts, $"node{i}"))];
        _producers = new(parts);
    }

    public static WorldResult Run(int seed, Sabotage sabotage = Sabotage.None)
    {
        World world = new(new WorldBuilder(seed, sabotage).Build());
        try
        {
            world.Live();
        }
        catch (Exception error)
        {
            world._parts.Violations.Add($"the run failed: {error}");
        }

        return world.Result();
    }

    private void Live()
    {
        foreach (SimNode node in _nodes)
        {
            node.RestartAfter(_faults.Between(0, 3));
        }

        DateTimeOffset last = _producers.Start();
        new Troubles(_parts, _nodes).Plan(last - _start);
        _scheduler.RunUntil(last + _faults.Between(0, 300));
        LieInRuins();
        Heal();
        AwaitRest();
        DateTimeOffset horizon = Close();
        new History(_parts, horizon).Check();
    }

    // Sometimes nobody is there for hours or days, and timers fall due.
    private void LieInRuins()
    {
        if (_faults.Profile.Troubles == 0 || _faults.Random.Next(4) > 0)
        {
            return;
        }

        _faults.Count("long outage of all nodes");
        foreach (SimNode node in _nodes)
        {
            node.IsRetired = true;
            node.Crash();
        }

        _scheduler.RunUntil(_scheduler.Now + _faults.Between(600, 172_800));
        foreach (SimNode node in _nodes)
        {
            node.IsRetired = false;
        }
    }

    private void Heal()
    {
        _scheduler.Trace.Add(_scheduler.Now, "world", "all troubles end");
        _faults.Heal();
        foreach (SimNode node in _nodes.Where(node => node.IsUp))
        {
            node.Process!.Resume();
            node.Process.DieIn(long.MaxValue);
            node.Process.Clock.Skew = TimeSpan.Zero;
            node.Member!.Reconnect();
            _parts.Group.Hear(node.Member);
        }

        _scheduler.RunUntil(_scheduler.Now + Aftermath);
    }

    // I9: with the faults off, everything that was to be done is done, in bounded time.
    private void AwaitRest()
    {
        DateTimeOffset latest = _scheduler.Now + Peace;
        while (WhatIsLeft() is { } left)
        {
            if (_scheduler.Now > latest)
            {
                throw new InvalidOperationException($"I9: after {Peace} without faults, {left}");
            }

            foreach (SimNode node in _nodes)
            {
                node.Start();
            }

            _scheduler.RunUntil(_scheduler.Now + Glance);
        }
    }

    private string? WhatIsLeft()
    {
        if (_producers.Outstanding > 0)
        {
            return $"{_producers.Outstanding} events are not in the log";
        }

        for (int shard = 0; shard < _parts.Partitions; shard++)
        {
            LogPosition end = _parts.Log.Range(new(shard)).End;
            int owners = _nodes.Count(node => node.IsUp && node.Host!.CommittedPosition(new(shard)) == end);
            if (owners != 1)
            {
                return $"{owners} nodes follow shard {shard} at its end";
            }
        }

        long pending = _parts.Store.Outbox.Values.Sum(counts => counts.Pending);
        return pending > 0 ? $"{pending} pushes are pending" : null;
    }

    // Time goes on until every shard's clock has passed the instant up to which histories are compared.
    private DateTimeOffset Close()
    {
        TimeSpan skew = _faults.Profile.BrokerSkew;
        DateTimeOffset horizon = _scheduler.Now - skew;
        _scheduler.RunUntil(_scheduler.Now + skew + _parts.ShardOptions.TickInterval + TimeSpan.FromSeconds(3));
        AwaitRest();
        CheckBounds();
        StopAll();
        if (!_parts.Store.Ledger.LastWasAccepted)
        {
            // A take-over that landed late had fenced an owner, who had nothing to commit and noticed when it stopped.
            _faults.Count("fenced at the end");
            AwaitRest();
            StopAll();
        }

        if (_nodes.Any(node => node.Process!.Escaped))
        {
            _parts.Violations.Add("a node did something outside of the scheduler: the run is not reproducible");
        }

        return horizon;
    }

    private void StopAll()
    {
        foreach (SimNode node in _nodes)
        {
            node.Stop();
        }

        _scheduler.RunUntil(_scheduler.Now + TimeSpan.FromSeconds(25));
        if (_nodes.Any(node => node.IsUp))
        {
            _parts.Violations.Add("I9: a node that was asked to stop had not after 25 s");
        }
    }

    // I10: at rest, a shard waits for one record and a relay for one signal; nothing else has piled up.
    private void CheckBounds()
    {
        int atRest = (8 * _parts.Partitions) + (8 * _nodes.Length * _parts.Providers.Count) + 20;
        if (_scheduler.Armed > atRest)
        {
            _parts.Violations.Add($"I10: {_scheduler.Armed} timers are set at rest");
        }

        if (_scheduler.MostReady > 5_000)
        {
            _parts.Violations.Add($"I10: {_scheduler.MostReady} things waited for their turn at once");
        }
    }

    private WorldResult Result()
    {
        StateLedger ledger = _parts.Store.Ledger;
        WorldSize size = new(
            Enumerable.Range(0, _parts.Partitions).Sum(shard => _parts.Log.Range(new(shard)).End.Value),
            ledger.Effects.Sum(commit => commit.Batch.Transitions.Count),
            ledger.Pushes.LongCount(),
            _scheduler.Steps,
            _scheduler.Now - _start
        );
        return new(
            _parts.Seed,
            _scheduler.Trace.Hash,
            _parts.Violations,
            _faults.Counts,
            size,
            _parts.Violations.Count > 0 ? [.. _scheduler.Trace.Lines()] : []
        );
    }
}
