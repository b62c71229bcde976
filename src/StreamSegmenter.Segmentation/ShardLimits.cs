using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation;

/// <summary>Bounds of one shard's memory.</summary>
/// <param name="Events">What one event may hold.</param>
/// <param name="HotCustomers">How many customers are kept unpacked for work.</param>
/// <param name="MaxTimelineEntries">How many entries one source of one customer keeps; the oldest go first,
/// counted.</param>
public sealed record ShardLimits(EventLimits Events, int HotCustomers, int MaxTimelineEntries);

/// <summary>A customer's state as bytes, see <see cref="SegmentationShard.TakeChanged"/>.</summary>
public readonly record struct PackedCustomer(
    Customers.CustomerId Customer,
    Timestamp NextDue,
    ReadOnlyMemory<byte> State
);

/// <summary>What became of a record.</summary>
public enum ApplyOutcome
{
    Applied = 1,

    /// <summary>A message seen before: nothing changed.</summary>
    Duplicate = 2,

    /// <summary>Not a valid event: nothing changed; it belongs to the dead letters.</summary>
    Rejected = 3,

    /// <summary>Later than the end of a simulation: not looked at.</summary>
    AfterTheEnd = 4,
}

/// <summary>The outcome of <c>Apply</c>.</summary>
/// <param name="Clamped">The event claimed to be later than its log time and was taken to be at that time.</param>
/// <param name="EvictedEntries">Timeline entries given up because a customer's timeline was full.</param>
/// <param name="Rejection">
/// Set when rejected; and when applied, if something that the event says of consents could not be read.
/// </param>
public readonly record struct ApplyResult(ApplyOutcome Outcome, bool Clamped, int EvictedEntries, Rejection Rejection)
{
    public static readonly ApplyResult Duplicate = new(ApplyOutcome.Duplicate, false, 0, default);

    public static readonly ApplyResult AfterTheEnd = new(ApplyOutcome.AfterTheEnd, false, 0, default);

    /// <summary>Whether the record belongs to the dead letters.</summary>
    public bool IsDeadLetter => Rejection.Reason != RejectReason.None;

    public static ApplyResult Applied(bool clamped, int evictedEntries, Rejection unread) =>
        new(ApplyOutcome.Applied, clamped, evictedEntries, unread);

    public static ApplyResult Rejected(Rejection rejection) => new(ApplyOutcome.Rejected, false, 0, rejection);
}
