using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Streams.Tests.Pushes.Policy;

/// <summary>Decides as told, and writes down what it was asked.</summary>
internal sealed class ScriptedPolicy : IPushPolicy
{
    public delegate PolicyDecision Rule(PendingPush push, CustomerFacts customer, Timestamp now);

    /// <summary>Decides instead of the script.</summary>
    public IPushPolicy? Instead { get; set; }

    public Rule Script { get; set; } = static (push, _, _) => Send(push);

    public IReadOnlyCollection<ConnectorName> Governed => Instead?.Governed ?? [new("mail"), new("chat")];

    /// <summary>The ids of each case that was decided on.</summary>
    public List<string> Asked { get; } = [];

    public TimeSpan GrantsReach => Instead?.GrantsReach ?? TimeSpan.FromDays(1);

    public bool Governs(ConnectorName connector) => Governed.Contains(connector);

    public bool MayKeepBack(Push push) => Governs(push.Connector);

    public Suppression? AddressOf(PendingPush push) => Instead?.AddressOf(push);

    public IReadOnlyList<PolicyDecision> Decide(
        CustomerFacts customer,
        IReadOnlyList<PendingPush> pending,
        Timestamp now
    )
    {
        Asked.Add(string.Join(' ', pending.Select(push => push.Push.Id)));
        return Instead?.Decide(customer, pending, now) ?? [.. pending.Select(push => Script(push, customer, now))];
    }

    public static PolicyDecision Send(PendingPush push) => new PolicyDecision.Send(push.Push.Id, "news", "send");

    public static PolicyDecision Drop(PendingPush push) => new PolicyDecision.Drop(push.Push.Id, "no-consent");

    public static PolicyDecision Wait(PendingPush push, Timestamp until) =>
        new PolicyDecision.Wait(push.Push.Id, until, "quiet-hours");

    public static PolicyDecision Merge(PendingPush push, string into) =>
        new PolicyDecision.Merge(push.Push.Id, new(into), "digest");
}
