using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>A property that must have one of some written-out texts for a <c>where</c> to hold.</summary>
internal sealed record RequiredText(PropertyPath Path, IReadOnlyList<string> Texts)
{
    /// <summary>The first such demand that stands by itself or joined by <c>and</c>; null without one.</summary>
    public static RequiredText? In(BoundNode where) =>
        where switch
        {
            BoundJunction { IsAnd: true } and => and.Operands.Select(In).FirstOrDefault(found => found is not null),
            BoundComparison
            {
                Operator: ComparisonOperator.Equal,
                Left: BoundProperty { Path: { Flattens: false } path },
                Right: BoundConstant { Value: { Kind: RuleValueKind.String } text }
            } => new(path, [text.Text]),
            BoundInList { Negated: false, Value: BoundProperty { Path: { Flattens: false } path } } list
                when list.Elements.All(element => element.Kind == RuleValueKind.String) => new(
                path,
                [.. list.Elements.Select(element => element.Text)]
            ),
            _ => null,
        };
}
