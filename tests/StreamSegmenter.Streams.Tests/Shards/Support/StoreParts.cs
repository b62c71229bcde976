using StreamSegmenter.Conformance.InMemory;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Tests.Shards.Support;

/// <summary>A state store of any kind.</summary>
internal sealed record StoreParts(
    IShardOwnership Ownership,
    ICustomerReader Customers,
    IShardCommitter Committer,
    IMembershipReader Memberships,
    IDeadLetterStore DeadLetters,
    IOutbox Outbox,
    IConsentReader Consents
)
{
    public static StoreParts InMemory() => Of(new InMemoryStateStore());

    public static StoreParts Of(IStateStore store) =>
        new(
            store.Ownership,
            store.Customers,
            store.Committer,
            store.Memberships,
            store.DeadLetters,
            store.Outbox,
            store.Consents
        );

    public async Task<List<Transition>> ReadTransitionsAsync()
    {
        List<Transition> transitions = [];
        await foreach (Transition transition in Memberships.ReadTransitionsAsync(default))
        {
            transitions.Add(transition);
        }

        return transitions;
    }

    public async Task<List<PendingPush>> ReadPushesAsync(ShardId shard, IEnumerable<ConnectorName> connectors)
    {
        List<PendingPush> pushes = [];
        foreach (ConnectorName connector in connectors)
        {
            pushes.AddRange(await Outbox.ReadPendingAsync(connector, shard, 0, int.MaxValue, default));
        }

        return [.. pushes.OrderBy(push => push.Place.Sequence)];
    }
}
