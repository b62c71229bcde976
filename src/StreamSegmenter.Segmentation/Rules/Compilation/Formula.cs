using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>A condition taken apart into tests on features.</summary>
internal abstract record Formula
{
    public sealed record Junction(bool IsAnd, IReadOnlyList<Formula> Operands) : Formula;

    public sealed record Not(Formula Operand) : Formula;

    public sealed record Slot(SlotDefinition Definition) : Formula;

    public sealed record Test(FeatureDefinition Feature, ValueTest Value) : Formula;

    public IEnumerable<Formula> SelfAndDescendants =>
        this switch
        {
            Junction junction => junction.Operands.SelectMany(operand => operand.SelfAndDescendants).Prepend(this),
            Not not => not.Operand.SelfAndDescendants.Prepend(this),
            _ => [this],
        };
}

/// <summary>A value that some tests read.</summary>
internal sealed class FeatureDefinition(int index, BoundNode node)
{
    public int Index { get; } = index;

    /// <summary>How it is worked out.</summary>
    public BoundNode Node { get; } = node;
}
