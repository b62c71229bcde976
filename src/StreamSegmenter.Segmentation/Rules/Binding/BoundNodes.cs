using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>A checked expression: names are resolved, types can match.</summary>
/// <param name="Clocked">Its value moves with the clock itself, as <c>since(...)</c> does.</param>
internal abstract record BoundNode(ValueTypes Types, bool Clocked = false);

internal sealed record BoundConstant(RuleValue Value, ValueTypes Type) : BoundNode(Type);

/// <param name="Type">A value of any other type counts as missing.</param>
internal sealed record BoundTrait(string Trait, PropertyPath Path, ValueTypes Type = ValueTypes.Json) : BoundNode(Type);

/// <summary>A property of the event, or of the array's element, that a <c>where</c> looks at.</summary>
internal sealed record BoundProperty(PropertyPath Path) : BoundNode(ValueTypes.Json);

internal sealed record BoundAnyElement(BoundProperty Array, BoundNode Condition) : BoundNode(ValueTypes.Boolean);

/// <param name="Memory">Where the customer remembers the work done; null for what needs none.</param>
internal sealed record BoundAggregate(
    AggregateFunction Function,
    LaneDefinition Lane,
    BoundWindow Window,
    ValueTypes Type,
    MemoryDefinition? Memory
) : BoundNode(Type, Clocked: Function is AggregateFunction.Since or AggregateFunction.SinceFirst);

/// <summary>Whether an occurrence of a sequence completed inside the window.</summary>
/// <param name="Memory">A <see cref="SequenceProgress"/>.</param>
/// <param name="Reach">The longest time from its first event to its completion; null without limit.</param>
/// <param name="Waits">Whether it completes some time after its last event.</param>
internal sealed record BoundSequence(
    LaneDefinition Lane,
    BoundWindow Window,
    MemoryDefinition Memory,
    long? Reach,
    bool Waits
) : BoundNode(ValueTypes.Boolean);

internal sealed record BoundArithmetic(BoundNode Left, ArithmeticOperator Operator, BoundNode Right, ValueTypes Type)
    : BoundNode(Type, Left.Clocked || Right.Clocked);

internal sealed record BoundNegation(BoundNode Operand)
    : BoundNode(Operand.Types & (ValueTypes.Number | ValueTypes.Duration), Operand.Clocked);

internal sealed record BoundComparison(BoundNode Left, ComparisonOperator Operator, BoundNode Right)
    : BoundNode(ValueTypes.Boolean);

internal sealed record BoundInList(BoundNode Value, bool Negated, IReadOnlyList<RuleValue> Elements)
    : BoundNode(ValueTypes.Boolean);

internal sealed record BoundText(BoundNode Value, TextOperator Operator, BoundNode Argument)
    : BoundNode(ValueTypes.Boolean);

internal sealed record BoundPresence(BoundNode Value, bool Present) : BoundNode(ValueTypes.Boolean);

internal sealed record BoundNot(BoundNode Operand) : BoundNode(ValueTypes.Boolean);

internal sealed record BoundJunction(bool IsAnd, IReadOnlyList<BoundNode> Operands) : BoundNode(ValueTypes.Boolean);

/// <summary>The value of another slot at the same instant: a segment, or a condition held for some time.</summary>
internal sealed record BoundSlot(SlotDefinition Slot) : BoundNode(ValueTypes.Boolean);

internal abstract record BoundWindow
{
    public sealed record Ever : BoundWindow;

    /// <summary>Events with time in (now - Length - Offset, now - Offset], in milliseconds.</summary>
    public sealed record Sliding(long Length, long Offset) : BoundWindow;

    /// <summary>Events strictly later than the last or first event of the anchor.</summary>
    public sealed record Anchored(LaneDefinition Anchor, bool Last) : BoundWindow;

    public sealed record Calendar(CalendarPeriod Period) : BoundWindow;
}

/// <summary>A condition that is evaluated by itself and whose value others may read.</summary>
internal abstract class SlotDefinition(string key)
{
    /// <summary>Tells this slot from all others, across restarts and edits of other rules.</summary>
    public string Key { get; } = key;

    /// <summary>
    /// Its place in the order of evaluation: a slot comes after those it reads. Set once, when all are known.
    /// </summary>
    public int Index { get; set; } = -1;

    /// <summary>Set once, when the body is bound.</summary>
    public BoundNode Condition { get; set; } = null!;
}

/// <summary>A segment's rule.</summary>
internal sealed class SegmentSlot(string name) : SlotDefinition($"segment {name}")
{
    public string Name { get; } = name;
}

/// <summary>A condition <c>for</c> some time.</summary>
internal sealed class HeldSlot(string condition, long milliseconds)
    : SlotDefinition($"{condition} for {milliseconds}ms")
{
    public long Milliseconds { get; } = milliseconds;
}
