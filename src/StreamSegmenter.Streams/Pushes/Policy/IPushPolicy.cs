using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>
/// Decides which of a customer's waiting pushes may be sent now. A pure function: no clock, no I/O, no state between
/// calls. Thread-safe.
/// </summary>
public interface IPushPolicy
{
    /// <summary>
    /// How far back <see cref="CustomerFacts.Grants"/> have to reach; zero when nothing asks for
    /// them.
    /// </summary>
    TimeSpan GrantsReach { get; }

    /// <summary>Whether pushes of the connector have to be asked about at all.</summary>
    bool Governs(ConnectorName connector);

    /// <summary>The connectors that have to be.</summary>
    IReadOnlyCollection<ConnectorName> Governed { get; }

    /// <summary>
    /// Whether the push came under rules all the same: it was made before the configuration changed, or edited.
    /// </summary>
    bool MayKeepBack(Push push);

    /// <summary>
    /// Where the push goes, as <see cref="CustomerFacts.Suppressions"/> would name it; null when it goes to no address
    /// that could be suppressed.
    /// </summary>
    Suppression? AddressOf(PendingPush push);

    /// <summary>
    /// One decision for each push, in the same order. What it lets out at one connector keeps all limits together. Two
    /// connectors may both be let out what only one of them should send, so that a dead one holds up nobody: act on the
    /// decisions of one connector, record its grants, and ask again for the next.
    /// </summary>
    /// <param name="pending">
    /// The customer's pending pushes of all <see cref="Governed"/> connectors, in order of sequence.
    /// </param>
    IReadOnlyList<PolicyDecision> Decide(CustomerFacts customer, IReadOnlyList<PendingPush> pending, Timestamp now);
}
