using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Nodes;

/// <summary>
/// A node and its supervisor, who starts it again when it died. The product's shard host and relays, as the node's own
/// composition has them, in a process of their own.
/// </summary>
internal sealed class SimNode(WorldParts world, string name) : IShardObserver
{
    private int _starts;
    private CancellationTokenSource _stop = new();

    public string Name => name;

    /// <summary>Null before the first start.</summary>
    public SimProcess? Process { get; private set; }

    public Member? Member { get; private set; }

    public ShardHost? Host { get; private set; }

    public bool IsUp => Process is { IsAlive: true };

    /// <summary>Nobody starts it again.</summary>
    public bool IsRetired { get; set; }

    public void Start()
    {
        if (IsUp || IsRetired)
        {
            return;
        }

        double skew = world.Faults.Healed ? 0 : world.Faults.Profile.NodeSkew.TotalSeconds;
        var process = new SimProcess(world.Scheduler, $"{name}.{++_starts}", world.Faults.Between(-skew, skew));
        (Process, _stop) = (process, new());
        process.Died = Crash;
        Wire wire = new(process, world.Servers, world.Scheduler, world.Faults, () => CrashIf(process));
        StoreClient store = new(world.Store, wire);
        OutboxSignal signal = new();
        Dictionary<ConnectorName, IConnector> connectors = world.Providers.ToDictionary(
            provider => provider.Name,
            provider =>
                (IConnector)
                    new ProviderClient(
                        provider,
                        process,
                        world.Servers,
                        world.Scheduler,
                        world.Faults,
                        () => CrashIf(process),
                        world.Sabotage
                    )
        );
        LogClient log = new(world.Log, wire, world.Sabotage);
        ShardServices services = new(log, store, store, store, store, signal, this, process.Clock);
        RelaySet relays = new(connectors, store, signal, world.RelayOptions, world.Faults, process);
        Host = new(
            shard => new(shard, world.Rules, world.Actions, EventLimits.Default, world.ShardOptions, services),
            name,
            relays,
            world.ShardOptions,
            this,
            process.Clock,
            process.Tasks
        );
        Member = new(world.Group, process, world.Patience);
        process.Start(() => _ = LiveAsync(process, Member, Host, relays, _stop.Token));
    }

    /// <summary>Dies at once, and is started again after a while.</summary>
    public void Crash()
    {
        if (Process is not { } process)
        {
            return;
        }

        bool died = process.IsAlive;
        process.Kill();
        world.Scheduler.Trace.Add(world.Scheduler.Now, process.Name, "dies");
        world.Group.Suspect(Member!);
        Member!.HasLeft = true;
        world.Faults.Count(died ? "crash at a call" : "crash at a step");
        RestartAfter(world.Faults.Between(0.2, 15));
    }

    public void RestartAfter(TimeSpan pause) => world.Scheduler.After(pause, world.Servers, Start);

    /// <summary>Commits, hands over and ends.</summary>
    public void Stop()
    {
        if (IsUp)
        {
            CancellationTokenSource stop = _stop;
            Process!.Start(stop.Cancel);
        }
    }

    public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) =>
        world.Announced.AddRange(transitions);

    public void Stopped(ShardId shard, Exception? error)
    {
        if (error is not (null or ShardFencedException or IOException or TimeoutException))
        {
            world.Violations.Add($"I9: shard {shard} stopped for good on {name}: {error}");
        }
    }

    public void WillRestart(ShardId shard, Exception error, TimeSpan pause)
    {
        world.Faults.Count(error is ShardFencedException ? "shard was fenced" : "shard restarted");
        world.Scheduler.Trace.Add(world.Scheduler.Now, Process!.Name, error.GetType().Name + " in shard", shard.Value);
    }

    private void CrashIf(SimProcess process)
    {
        if (process.IsAlive)
        {
            Crash();
        }
    }

    private async Task LiveAsync(
        SimProcess process,
        Member member,
        ShardHost host,
        RelaySet relays,
        CancellationToken stop
    )
    {
        try
        {
            relays.Start();
            await member.RunAsync(host, stop);
            await relays.StopAsync();
            world.Scheduler.Trace.Add(world.Scheduler.Now, process.Name, "has stopped");
            process.Kill();
        }
        catch (Exception error)
        {
            world.Violations.Add($"I9: node {name} failed: {error}");
        }
    }
}
