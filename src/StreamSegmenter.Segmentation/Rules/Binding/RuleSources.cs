using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>The rules as they were parsed, to look at their parts one by one. Thread-safe.</summary>
internal sealed class RuleSources(BindingScope scope, IReadOnlyDictionary<string, ExpressionSyntax> rules)
{
    public ExpressionSyntax RuleOf(SegmentName segment) => rules[segment.Value];

    public SegmentSlot SlotOf(SegmentName segment) => scope.Segment(segment.Value);

    /// <summary>
    /// Binds a part of one of the rules to what that rule reads. All that it names was bound before, so it changes
    /// nothing.
    /// </summary>
    public BoundNode Bind(ExpressionSyntax part) => new RuleBinder(scope).BindPart(part);
}
