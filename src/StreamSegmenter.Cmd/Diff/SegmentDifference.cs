using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Diff;

internal enum SegmentChange
{
    /// <summary>The rule means the same; blanks and comments do not count.</summary>
    Unchanged,
    Edited,
    Added,
    Removed,
}

/// <summary>One segment under both versions.</summary>
/// <param name="Old">Null when it is added.</param>
/// <param name="New">Null when it is removed.</param>
/// <param name="Enter">Who is a member at the end under the new version alone, in order.</param>
/// <param name="Leave">Who is one under the old version alone, in order.</param>
/// <param name="Stay">How many are members under both.</param>
internal sealed record SegmentDifference(
    SegmentName Name,
    SegmentChange Change,
    ReplayedSegment? Old,
    ReplayedSegment? New,
    IReadOnlyList<CustomerId> Enter,
    IReadOnlyList<CustomerId> Leave,
    int Stay
)
{
    /// <summary>Whether neither the rule nor any transition differs, and so nobody's membership either.</summary>
    public bool IsNone => Change == SegmentChange.Unchanged && SameTransitions;

    public bool SameTransitions => Old?.Trace == New?.Trace;

    /// <summary>All segments of both versions, by name.</summary>
    public static IReadOnlyList<SegmentDifference> Between(Replay old, Replay @new) =>
        [
            .. old
                .Segments.Keys.Union(@new.Segments.Keys)
                .Order()
                .Select(name => Of(name, old.Segments.GetValueOrDefault(name), @new.Segments.GetValueOrDefault(name))),
        ];

    /// <summary>The rule as the formatter writes it; null without a segment.</summary>
    public static string? RuleOf(ReplayedSegment? segment) =>
        segment is null ? null : RuleSet.Format(segment.Definition.Rule).Text;

    private static SegmentDifference Of(SegmentName name, ReplayedSegment? old, ReplayedSegment? @new)
    {
        IReadOnlySet<CustomerId> before = old?.Members ?? new HashSet<CustomerId>();
        IReadOnlySet<CustomerId> after = @new?.Members ?? new HashSet<CustomerId>();
        var change =
            old is null ? SegmentChange.Added
            : @new is null ? SegmentChange.Removed
            : RuleOf(old) == RuleOf(@new) ? SegmentChange.Unchanged
            : SegmentChange.Edited;
        return new(
            name,
            change,
            old,
            @new,
            [.. after.Where(customer => !before.Contains(customer)).Order()],
            [.. before.Where(customer => !after.Contains(customer)).Order()],
            before.Count(after.Contains)
        );
    }
}
