using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;

namespace StreamSegmenter.Conformance.InMemory;

/// <summary>Which pushes a range has, and in which order. Contents do not expire here.</summary>
internal sealed class InMemoryPushOrder(PushRange range) : IComparer<StoredPush>
{
    public bool Has(StoredPush push) =>
        range switch
        {
            PushRange.Waiting some => push.State == PushState.Pending
                && (some.Connector is not { } connector || push.Push.Connector == connector),
            PushRange.WaitingOf one => push.State == PushState.Pending && push.Push.Customer == one.Customer,
            PushRange.Undecided some => push.State == some.State,
            PushRange.UnsentOf one => push.State is PushState.Dropped or PushState.Merged
                && push.Push.Customer == one.Customer,
            _ => push.State is PushState.Delivered or PushState.Dropped or PushState.Merged or PushState.Discarded,
        };

    public bool IsBehind(StoredPush push, PushCursor? place) =>
        place is null || Compare(PushCursor.Behind(push), place) > 0;

    public int Compare(StoredPush? x, StoredPush? y) => Compare(PushCursor.Behind(x!), PushCursor.Behind(y!));

    private int Compare(PushCursor one, PushCursor other) =>
        (one, other) switch
        {
            (PushCursor.Ended a, PushCursor.Ended b) => a.At == b.At
                ? string.CompareOrdinal(a.Id.Value, b.Id.Value)
                : a.At.Milliseconds.CompareTo(b.At.Milliseconds),
            (PushCursor.Waiting a, PushCursor.Waiting b) => IsSameShard(a, b)
                ? a.Place.Sequence.CompareTo(b.Place.Sequence)
                : (a.Connector.Value, a.Place.Shard.Value).CompareTo((b.Connector.Value, b.Place.Shard.Value)),
            _ => throw new ArgumentException("The cursor belongs to a range of another kind.", nameof(other)),
        };

    private static bool IsSameShard(PushCursor.Waiting a, PushCursor.Waiting b) =>
        a.Connector == b.Connector && a.Place.Shard == b.Place.Shard;
}
