using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Segments;

/// <summary>Which way a customer crossed a segment's border.</summary>
public enum TransitionKind : byte
{
    Entered = 1,
    Exited = 2,
}

/// <summary>What made a transition happen.</summary>
public enum TransitionCause : byte
{
    /// <summary>A record of the customer; <see cref="Transition.MessageId"/> names it.</summary>
    Event = 1,

    /// <summary>Time alone.</summary>
    Time = 2,
    Merge = 3,

    /// <summary>The segment was edited or removed.</summary>
    Definition = 4,

    /// <summary>The first evaluation of a new or edited segment over history.</summary>
    Backfill = 5,
    Erase = 6,
}

/// <summary>One change of membership.</summary>
/// <param name="At">The exact instant of the change.</param>
/// <param name="Number">Counts the transitions of this customer and segment from 1; odd numbers enter.</param>
/// <param name="MessageId">The message that caused it, for <see cref="TransitionCause.Event"/>.</param>
public sealed record Transition(
    CustomerId Customer,
    SegmentName Segment,
    TransitionKind Kind,
    Timestamp At,
    TransitionCause Cause,
    long Number,
    string? MessageId
);

/// <summary>The words for <see cref="TransitionCause"/> in results, pushes and stores.</summary>
public static class TransitionCauses
{
    public static string Word(this TransitionCause cause) =>
        cause switch
        {
            TransitionCause.Event => "event",
            TransitionCause.Time => "time",
            TransitionCause.Merge => "merge",
            TransitionCause.Definition => "definition",
            TransitionCause.Backfill => "backfill",
            TransitionCause.Erase => "erase",
            _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "not a cause"),
        };
}
