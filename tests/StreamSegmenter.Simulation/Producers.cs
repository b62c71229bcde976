using StreamSegmenter.Conformance.Expectations;
using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Simulation;

/// <summary>
/// Send every event until the log says that it has it. So some are in the log twice, some late, some in another order.
/// </summary>
internal sealed class Producers(WorldParts world)
{
    private readonly SimProcess _process = new(world.Scheduler, "producers");

    /// <summary>Events that the log has not acknowledged.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Plans all events; returns when the last is to be sent.</summary>
    public DateTimeOffset Start()
    {
        Wire wire = new(_process, world.Servers, world.Scheduler, world.Faults, die: null);
        DateTimeOffset at = world.Scheduler.Now;
        foreach (CaseLine line in world.Case.Lines.Select(CaseLine.Read))
        {
            at = line.Time > at ? line.Time.Value : at;
            Plan(wire, line, at - world.Scheduler.Now);
        }

        return at;
    }

    private void Plan(Wire wire, CaseLine line, TimeSpan wait)
    {
        FaultPlan faults = world.Faults;
        if (faults.Chance(faults.Profile.Late))
        {
            faults.Count("late event");
            wait += faults.Between(0, 120);
        }

        Outstanding++;
        world.Scheduler.After(wait, _process, () => _ = SendAsync(wire, line.Record));
        if (faults.Chance(faults.Profile.Repeated))
        {
            faults.Count("repeated event");
            Outstanding++;
            TimeSpan later = wait + faults.Between(0, 300);
            world.Scheduler.After(later, _process, () => _ = SendAsync(wire, line.Record));
        }
    }

    private async Task SendAsync(Wire wire, NewRecord record)
    {
        PartitionId partition = Murmur2.PartitionOf(record.Customer, world.Partitions);
        while (true)
        {
            try
            {
                await wire.CallAsync("append", LogServer.NameOf(partition), partition.Value, () => Append(record));
                Outstanding--;
                return;
            }
            catch (Exception error) when (error is IOException or TimeoutException)
            {
                await Task.Delay(world.Faults.Between(0.1, 2), _process.Clock);
            }
        }
    }

    private bool Append(NewRecord record)
    {
        world.Log.Append(record);
        return true;
    }
}
