using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Explaining;

/// <summary>Why a customer is, or is not, a member of a segment at an instant.</summary>
/// <param name="Since">The last transition; null if there was none.</param>
/// <param name="ChangesAt">When the membership changes if no event comes; null if it stays.</param>
/// <param name="Rule">The whole rule, and what it is made of.</param>
public sealed record Explanation(
    CustomerId Customer,
    SegmentName Segment,
    Timestamp At,
    bool IsMember,
    Timestamp? Since,
    Timestamp? ChangesAt,
    ExplainedPart Rule
);

/// <summary>A part of a rule and its value.</summary>
/// <param name="Text">The part, in the language of rules.</param>
/// <param name="Value">Its value at the instant, as it would be written in a rule; <c>missing</c> if there is
/// none.</param>
/// <param name="IsCondition">Whether the value is true or false.</param>
/// <param name="ChangesAt">For a condition: when it changes if no event comes; null if it stays.</param>
/// <param name="Note">More about the value, for people; null if there is no more.</param>
/// <param name="Events">For an aggregate: what counts; null for anything else.</param>
/// <param name="Joins">How its parts make its value.</param>
public sealed record ExplainedPart(
    string Text,
    string Value,
    bool IsCondition,
    PartJoin Joins,
    Timestamp? ChangesAt,
    string? Note,
    ExplainedEvents? Events,
    IReadOnlyList<ExplainedPart> Parts
);

/// <summary>How a part's value follows from those of its parts.</summary>
public enum PartJoin
{
    /// <summary>As its text says.</summary>
    None = 0,

    /// <summary>True if all of them are: <c>and</c>.</summary>
    All = 1,

    /// <summary>True if one of them is: <c>or</c>.</summary>
    Any = 2,
}

/// <summary>The events, or their values, that an aggregate's window holds.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Newest">The newest of them, newest first.</param>
public sealed record ExplainedEvents(int Count, IReadOnlyList<ExplainedEvent> Newest);

/// <param name="Value">The property that the aggregate reads; null if it only looks at the event.</param>
public readonly record struct ExplainedEvent(Timestamp At, string? Value);
