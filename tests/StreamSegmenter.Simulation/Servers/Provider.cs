using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Simulation.Servers;

/// <summary>What a provider did for the first request under one key.</summary>
internal sealed record ProviderEffect(PushId Key, CustomerId Customer, DateTimeOffset At, string Content);

/// <summary>
/// An outside system that knows idempotency keys: of all requests with one key, the first has an effect.
/// </summary>
internal sealed class Provider(ConnectorName name, SimScheduler scheduler, FaultPlan faults, Sabotage sabotage)
{
    private readonly HashSet<PushId> _keys = [];

    public ConnectorName Name => name;

    /// <summary>In the order in which they happened.</summary>
    public List<ProviderEffect> Effects { get; } = [];

    /// <summary>Requests with a key that was known, and other contents than the first.</summary>
    public List<string> Contradictions { get; } = [];

    /// <summary>Whether it never takes this push.</summary>
    public bool Refuses(PushId key) => Convert.ToInt32(key.Value[..4], 16) < faults.Profile.Refused * 0x10000;

    /// <summary>Takes a request; false when it will never take it.</summary>
    public bool Take(Push push)
    {
        if (Refuses(push.Id))
        {
            return false;
        }

        string content = Convert.ToBase64String(push.Content.Span);
        if (_keys.Add(push.Id) || sabotage == Sabotage.KeysAreForgotten)
        {
            Effects.Add(new(push.Id, push.Customer, scheduler.Now, content));
        }
        else if (Effects.Find(effect => effect.Key == push.Id)!.Content != content)
        {
            Contradictions.Add($"{push.Id} came with other contents");
        }

        return true;
    }
}
