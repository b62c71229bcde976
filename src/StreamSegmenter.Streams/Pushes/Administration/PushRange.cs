using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Administration;

/// <summary>Pushes that a store has an index of, so that they can be read page by page.</summary>
public abstract record PushRange
{
    /// <summary>Those that are pending, in order of (connector, shard, sequence).</summary>
    /// <param name="Connector">Null: those of all connectors.</param>
    public sealed record Waiting(ConnectorName? Connector) : PushRange;

    /// <summary>The customer's that are pending, in order of (connector, sequence).</summary>
    public sealed record WaitingOf(CustomerId Customer) : PushRange;

    /// <summary>Those that await a decision of an operator, in order of (end, id).</summary>
    /// <param name="State">Dead, unknown or held.</param>
    public sealed record Undecided(PushState State) : PushRange;

    /// <summary>
    /// Those that are delivered, dropped, merged or discarded, for as long as their content is kept, in order of
    /// (end, id).
    /// </summary>
    public sealed record Over : PushRange;

    /// <summary>The customer's that policy dropped or merged, all there ever were, in order of (end, id).</summary>
    public sealed record UnsentOf(CustomerId Customer) : PushRange;
}

/// <summary>A place between the pushes of a range: right behind one of them.</summary>
public abstract record PushCursor
{
    /// <summary>In a range of pushes that have ended.</summary>
    public sealed record Ended(Timestamp At, PushId Id) : PushCursor;

    /// <summary>In a range of pushes that are pending.</summary>
    public sealed record Waiting(ConnectorName Connector, OutboxPlace Place) : PushCursor;

    public static PushCursor Behind(StoredPush push) =>
        push.SettledAt is { } at ? new Ended(at, push.Push.Id) : new Waiting(push.Push.Connector, push.Place);
}
