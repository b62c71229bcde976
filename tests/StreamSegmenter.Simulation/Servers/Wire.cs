using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Scheduling;

namespace StreamSegmenter.Simulation.Servers;

/// <summary>The way from one process to the servers: calls travel, take effect, and are answered, or not.</summary>
/// <param name="servers">Where effects happen; it never dies.</param>
/// <param name="die">What happens to the caller when a call kills it; null if nothing kills it.</param>
internal sealed class Wire(SimProcess caller, SimProcess servers, SimScheduler scheduler, FaultPlan faults, Action? die)
{
    public FaultPlan Faults => faults;

    public SimProcess Caller => caller;

    /// <summary>Makes a call whose effect is one indivisible step.</summary>
    /// <param name="call">Its name, for people and for the counts.</param>
    /// <param name="server">What must not be away for it.</param>
    public ValueTask<T> CallAsync<T>(string call, string server, long shard, Func<T> effect)
    {
        caller.Escaped |= !caller.IsCurrent;
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!caller.IsAlive)
        {
            return new(answer.Task);
        }

        Fault fault = faults.IsAway(server) ? Fault.FailBefore : faults.DrawFor(call, isMortal: die is not null);
        if (fault == Fault.None && faults.Random.Next(2) == 0)
        {
            scheduler.Trace.Add(scheduler.Now, caller.Name, call, shard);
            return new(effect());
        }

        if (fault > Fault.Slow)
        {
            scheduler.Trace.Add(scheduler.Now, caller.Name, $"{call}: {fault}", shard);
        }

        Travel(new(call, shard, fault), effect, answer);
        return new(answer.Task);
    }

    private void Travel<T>(Trip trip, Func<T> effect, TaskCompletionSource<T> answer)
    {
        TimeSpan there = faults.Latency(trip.Fault == Fault.Slow);
        TimeSpan back = faults.Latency(trip.Fault == Fault.Slow);
        switch (trip.Fault)
        {
            case Fault.CrashBefore:
                die!();
                break;
            case Fault.FailBefore:
                scheduler.After(there + back, servers, () => answer.TrySetException(faults.DrawError(trip.Call)));
                break;
            case Fault.FailThenLand:
                scheduler.After(there, servers, () => answer.TrySetException(faults.DrawError(trip.Call)));
                scheduler.After(there + back + faults.Between(0, 5), servers, () => Try(trip, effect, new()));
                break;
            default:
                scheduler.After(there, servers, () => Arrive(trip, effect, answer, back));
                break;
        }
    }

    private void Arrive<T>(Trip trip, Func<T> effect, TaskCompletionSource<T> answer, TimeSpan back)
    {
        TaskCompletionSource<T> made = new();
        Try(trip, effect, made);
        if (trip.Fault == Fault.CrashAfter)
        {
            die!();
        }
        else if (trip.Fault == Fault.FailAfter)
        {
            scheduler.After(back, servers, () => answer.TrySetException(faults.DrawError(trip.Call)));
        }
        else
        {
            scheduler.After(back, servers, () => answer.TrySetFromTask(made.Task));
        }
    }

    private void Try<T>(Trip trip, Func<T> effect, TaskCompletionSource<T> made)
    {
        scheduler.Trace.Add(scheduler.Now, caller.Name, trip.Call + " lands", trip.Shard);
        try
        {
            made.SetResult(effect());
        }
        catch (Exception error)
        {
            made.SetException(error);
        }
    }

    private readonly record struct Trip(string Call, long Shard, Fault Fault);
}
