using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy.Deciding;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>
/// The policy as configured: ends, consent, holdouts, order, digests, quiet hours and caps, in this order. The settings
/// have been checked.
/// </summary>
public sealed class PushPolicy : IPushPolicy
{
    private readonly PolicyTerms _terms;

    public PushPolicy(PolicySettings settings)
    {
        _terms = new(settings);
        Governed = [.. settings.Connectors.Keys.Where(_terms.Governs)];
    }

    public IReadOnlyCollection<ConnectorName> Governed { get; }

    public TimeSpan GrantsReach => _terms.LongestCap;

    public bool Governs(ConnectorName connector) => _terms.Governs(connector);

    public bool MayKeepBack(Push push) =>
        _terms.Find(push.Connector) is { } connector
        && _terms.Asks(_terms.Reader.Read(new(default, push, default, default), connector));

    public Suppression? AddressOf(PendingPush push) =>
        _terms.Find(push.Push.Connector) is { Address: not null } connector
            ? _terms.Reader.Read(push, connector).Address
            : null;

    public IReadOnlyList<PolicyDecision> Decide(
        CustomerFacts customer,
        IReadOnlyList<PendingPush> pending,
        Timestamp now
    ) => new PolicyRound(_terms, customer, pending, now).Decide();
}
