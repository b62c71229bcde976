using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// Takes conditions apart: what joins stays, and each leaf becomes a test on a feature. Equal values of different rules
/// become one feature.
/// </summary>
internal sealed class FormulaBuilder
{
    private readonly Dictionary<BoundNode, FeatureDefinition> _features = [];

    /// <summary>All features met so far, in the order met.</summary>
    public IReadOnlyCollection<FeatureDefinition> Features => _features.Values;

    public Formula Build(BoundNode condition)
    {
        switch (condition)
        {
            case BoundJunction junction:
                return new Formula.Junction(junction.IsAnd, [.. junction.Operands.Select(Build)]);
            case BoundNot not:
                return new Formula.Not(Build(not.Operand));
            case BoundSlot slot:
                return new Formula.Slot(slot.Slot);
            case BoundComparison { Right: BoundConstant constant } comparison when IsFeature(comparison.Left):
                return Test(comparison.Left, new ValueTest.Compare(comparison.Operator, constant.Value));
            case BoundComparison { Left: BoundConstant constant } comparison when IsFeature(comparison.Right):
                return Test(comparison.Right, new ValueTest.Compare(Mirror(comparison.Operator), constant.Value));
            case BoundInList list when IsFeature(list.Value):
                return Test(list.Value, new ValueTest.OneOf(list.Negated, list.Elements));
            case BoundPresence presence when IsFeature(presence.Value):
                return Test(presence.Value, new ValueTest.Presence(presence.Present));
            default:
                return Test(condition, ValueTest.IsTrue);
        }
    }

    private Formula.Test Test(BoundNode node, ValueTest test)
    {
        if (!_features.TryGetValue(node, out FeatureDefinition? feature))
        {
            _features[node] = feature = new(_features.Count, node);
        }

        return new(feature, test);
    }

    // What has one value, and does not move with the clock in other ways than since(...) itself.
    private static bool IsFeature(BoundNode node) =>
        node switch
        {
            BoundAggregate => true,
            BoundTrait or BoundArithmetic or BoundNegation => !node.Clocked && !FlatteningCompiler.Flattens(node),
            _ => false,
        };

    private static ComparisonOperator Mirror(ComparisonOperator op) =>
        op switch
        {
            ComparisonOperator.Less => ComparisonOperator.Greater,
            ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
            ComparisonOperator.Greater => ComparisonOperator.Less,
            ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
            _ => op,
        };
}
