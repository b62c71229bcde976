using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>A condition on one value that only looks at the value and written-out constants.</summary>
internal abstract record ValueTest
{
    public abstract IEnumerable<RuleValue> Constants { get; }

    public sealed record Compare(ComparisonOperator Operator, RuleValue Constant) : ValueTest
    {
        public override IEnumerable<RuleValue> Constants => [Constant];
    }

    public sealed record OneOf(bool Negated, IReadOnlyList<RuleValue> Elements) : ValueTest
    {
        public override IEnumerable<RuleValue> Constants => Elements;
    }

    public sealed record Presence(bool Present) : ValueTest
    {
        public override IEnumerable<RuleValue> Constants => [];
    }

    /// <summary>Passes true.</summary>
    public static ValueTest IsTrue { get; } = new Compare(ComparisonOperator.Equal, RuleValue.Boolean(true));
}
