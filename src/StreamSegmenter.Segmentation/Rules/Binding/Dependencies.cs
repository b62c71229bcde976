using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>What a condition reads: when one of these changes, it must be evaluated again.</summary>
internal sealed class Dependencies
{
    public HashSet<LaneDefinition> Lanes { get; } = [];

    public HashSet<string> Traits { get; } = new(StringComparer.Ordinal);

    public HashSet<SlotDefinition> Slots { get; } = [];

    public static Dependencies Of(BoundNode node)
    {
        var dependencies = new Dependencies();
        dependencies.Add(node);
        return dependencies;
    }

    private void Add(BoundNode node)
    {
        switch (node)
        {
            case BoundAggregate aggregate:
                Add(aggregate.Lane, aggregate.Window);
                break;
            case BoundSequence sequence:
                Add(sequence.Lane, sequence.Window);
                break;
            case BoundTrait trait:
                Traits.Add(trait.Trait);
                break;
            case BoundSlot slot:
                Slots.Add(slot.Slot);
                break;
            default:
                foreach (BoundNode operand in Operands(node))
                {
                    Add(operand);
                }

                break;
        }
    }

    private void Add(LaneDefinition lane, BoundWindow window)
    {
        Add(lane);
        if (window is BoundWindow.Anchored anchored)
        {
            Add(anchored.Anchor);
        }
    }

    private void Add(LaneDefinition lane)
    {
        Lanes.Add(lane);
        Traits.UnionWith(lane.TraitsInWhere);
    }

    /// <summary>The parts of a node; none of a leaf.</summary>
    public static IEnumerable<BoundNode> Operands(BoundNode node) =>
        node switch
        {
            BoundJunction junction => junction.Operands,
            BoundNot not => [not.Operand],
            BoundNegation negation => [negation.Operand],
            BoundArithmetic arithmetic => [arithmetic.Left, arithmetic.Right],
            BoundComparison comparison => [comparison.Left, comparison.Right],
            BoundInList list => [list.Value],
            BoundText text => [text.Value, text.Argument],
            BoundPresence presence => [presence.Value],
            BoundAnyElement any => [any.Condition],
            _ => [],
        };
}
