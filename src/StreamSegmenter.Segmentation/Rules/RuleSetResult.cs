using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Rules;

/// <summary>Why one segment's rule was refused.</summary>
public sealed record SegmentRuleError(SegmentName Segment, RuleError Error);

/// <summary>A compiled rule set, or every error found.</summary>
public abstract record RuleSetResult
{
    public sealed record Compiled(RuleSet Rules) : RuleSetResult;

    public sealed record Refused(IReadOnlyList<SegmentRuleError> Errors) : RuleSetResult;
}
