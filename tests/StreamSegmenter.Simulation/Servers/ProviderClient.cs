using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Simulation.Servers;

/// <summary>A provider as one node's connector reaches it, over a network that is worse than the others.</summary>
internal sealed class ProviderClient(
    Provider provider,
    SimProcess caller,
    SimProcess servers,
    SimScheduler scheduler,
    FaultPlan faults,
    Action die,
    Sabotage sabotage
) : IConnector
{
    private static readonly string[] Troubles =
    [
        "503",
        "429",
        "no connection",
        "connection reset",
        "no answer, not taken",
        "no answer, taken",
        "no answer, taken later",
        "taken, then garbage",
        "taken, then reset",
        "401",
        "slow",
        "dies before",
        "dies after",
    ];

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        caller.Escaped |= !caller.IsCurrent;
        cancellationToken.ThrowIfCancellationRequested();
        if (sabotage == Sabotage.DeliveriesAreInvented && faults.Random.Next(20) == 0)
        {
            return DeliveryResult.Delivered;
        }

        string name = provider.Name.Value;
        if (faults.IsAway(name))
        {
            return await FailAsync(push, Troubles[faults.Random.Next(5)], cancellationToken);
        }

        if (faults.Chance(faults.Profile.AttemptFails))
        {
            string trouble = Troubles[faults.Random.Next(Troubles.Length)];
            faults.Count("provider: " + trouble);
            return await FailAsync(push, trouble, cancellationToken);
        }

        return await ArriveAsync(push, faults.Latency(slow: false), faults.Latency(slow: false), cancellationToken);
    }

    private async ValueTask<DeliveryResult> FailAsync(Push push, string trouble, CancellationToken cancellationToken)
    {
        scheduler.Trace.Add(scheduler.Now, caller.Name, $"{provider.Name}: {trouble}");
        TimeSpan wait = faults.Between(0, 2);
        switch (trouble)
        {
            case "503":
                await Task.Delay(wait, caller.Clock, cancellationToken);
                return DeliveryResult.Retry(trouble);
            case "429":
                return DeliveryResult.Retry(trouble, faults.Between(1, 60));
            case "401":
                return DeliveryResult.Misconfigured(trouble);
            case "no connection":
                throw new HttpRequestException(trouble);
            case "connection reset":
                await Task.Delay(wait, caller.Clock, cancellationToken);
                throw new HttpRequestException(trouble);
            case "taken, then garbage":
                await ArriveAsync(push, wait, wait, cancellationToken);
                return DeliveryResult.Unknown(trouble);
            case "taken, then reset":
                await ArriveAsync(push, wait, wait, cancellationToken);
                throw new IOException(trouble);
            case "slow":
                return await ArriveAsync(push, faults.Between(0, 14), faults.Between(0, 14), cancellationToken);
            case "dies before":
                die();
                return await NeverAsync(CancellationToken.None);
            case "dies after":
                scheduler.After(wait, servers, () => Take(push));
                scheduler.After(wait, servers, die);
                return await NeverAsync(CancellationToken.None);
            default:
                return await SilenceAsync(push, trouble, cancellationToken);
        }
    }

    // Some connectors do not even listen when they are told that their time is over.
    private Task<DeliveryResult> SilenceAsync(Push push, string trouble, CancellationToken cancellationToken)
    {
        if (trouble == "no answer, taken")
        {
            scheduler.After(faults.Between(0, 2), servers, () => Take(push));
        }
        else if (trouble == "no answer, taken later")
        {
            scheduler.After(faults.Between(2, 90), servers, () => Take(push));
        }

        return NeverAsync(faults.Random.Next(4) == 0 ? CancellationToken.None : cancellationToken);
    }

    private static async Task<DeliveryResult> NeverAsync(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration over = cancellationToken.UnsafeRegister(
            static never => ((TaskCompletionSource)never!).TrySetCanceled(),
            never
        );
        await never.Task;
        return DeliveryResult.Delivered;
    }

    private async Task<DeliveryResult> ArriveAsync(
        Push push,
        TimeSpan there,
        TimeSpan back,
        CancellationToken cancellationToken
    )
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        scheduler.After(
            there,
            servers,
            () =>
            {
                bool taken = Take(push);
                scheduler.After(back, servers, () => answer.TrySetResult(taken));
            }
        );
        using CancellationTokenRegistration over = cancellationToken.UnsafeRegister(
            static answer => ((TaskCompletionSource<bool>)answer!).TrySetCanceled(),
            answer
        );
        return await answer.Task ? DeliveryResult.Delivered : DeliveryResult.Rejected("422");
    }

    private bool Take(Push push)
    {
        scheduler.Trace.Add(scheduler.Now, caller.Name, $"{provider.Name} takes {push.Id}");
        return provider.Take(push);
    }
}
