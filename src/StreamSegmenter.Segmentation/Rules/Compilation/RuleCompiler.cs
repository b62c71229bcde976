using System.Text.RegularExpressions;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Turns bound expressions into delegates.</summary>
internal static class RuleCompiler
{
    public static CompiledCondition Condition(BoundNode node)
    {
        switch (node)
        {
            case BoundJunction junction:
                return Junction(junction);
            case BoundNot not:
                CompiledCondition operand = Condition(not.Operand);
                return frame => !operand(frame);
            case BoundSlot { Slot: var slot }:
                return frame => frame.Customer.Holding.Contains(slot.Index);
            case BoundComparison { Left.Clocked: true } or BoundComparison { Right.Clocked: true }:
                return ClockedCompiler.Comparison((BoundComparison)node);
            case BoundComparison comparison:
                return Comparison(comparison);
            case BoundInList list:
                return InList(list);
            case BoundText text:
                return Text(text);
            case BoundPresence { Value.Clocked: true } clocked:
                return ClockedCompiler.Presence(clocked);
            case BoundPresence presence:
                bool present = presence.Present;
                CompiledCondition any = Some(presence.Value, static value => !value.IsMissing);
                return frame => any(frame) == present;
            case BoundAnyElement anyElement:
                return AnyElement(anyElement);
            case BoundSequence sequence:
                return SequenceCompiler.Compile(sequence);
            default:
                return Some(node, static value => value.IsTrue);
        }
    }

    public static CompiledValue Value(BoundNode node)
    {
        switch (node)
        {
            case BoundConstant { Value: var constant }:
                return _ => constant;
            case BoundTrait { Path.Flattens: false, Type: ValueTypes.Json } trait:
                return frame => PropertyReader.ToValue(TraitCursor(frame, trait), frame.Texts);
            case BoundTrait { Path.Flattens: false } trait:
                RuleValueKind kind = trait.Type == ValueTypes.Number ? RuleValueKind.Number : RuleValueKind.Boolean;
                return frame =>
                    PropertyReader.ToValue(TraitCursor(frame, trait), frame.Texts) is var value && value.Kind == kind
                        ? value
                        : RuleValue.Missing;
            case BoundProperty { Path: { Flattens: false } path }:
                return frame => PropertyReader.ToValue(PropertyReader.Find(Root(frame, path), path), frame.Texts);
            case BoundAggregate { Clocked: true } since:
                return Since(since);
            case BoundAggregate aggregate:
                return AggregateCompiler.Compile(aggregate);
            case BoundArithmetic arithmetic:
                return Arithmetic(arithmetic);
            case BoundNegation negation:
                CompiledValue operand = Value(negation.Operand);
                return frame => ValueMath.Negate(operand(frame));
            default:
                CompiledCondition condition = Condition(node);
                return frame => RuleValue.Boolean(condition(frame));
        }
    }

    // A false operand settles an 'and' until that operand changes, so the later ones need not be asked when they may
    // change; likewise a true operand of an 'or'.
    private static CompiledCondition Junction(BoundJunction junction)
    {
        CompiledCondition[] operands = [.. junction.Operands.Select(Condition)];
        bool settling = !junction.IsAnd;
        return frame =>
        {
            foreach (CompiledCondition operand in operands)
            {
                if (operand(frame) == settling)
                {
                    return settling;
                }
            }

            return !settling;
        };
    }

    private static CompiledCondition Comparison(BoundComparison comparison)
    {
        ComparisonOperator op = comparison.Operator;
        if (TextEquality(comparison) is { } fast)
        {
            return fast;
        }

        return Some(comparison.Left, Against(comparison.Right, (left, right) => ValueMath.Satisfies(op, left, right)));
    }

    private static Func<EvaluationFrame, RuleValue, bool> Against(
        BoundNode right,
        Func<RuleValue, RuleValue, bool> test
    )
    {
        if (!FlatteningCompiler.Flattens(right))
        {
            CompiledValue single = Value(right);
            return (frame, left) => test(left, single(frame));
        }

        CompiledValues many = FlatteningCompiler.Compile(right);
        return (frame, left) =>
        {
            List<RuleValue> values = frame.RentList();
            many(frame, values);
            bool found = false;
            for (int i = 0; i < values.Count && !found; i++)
            {
                found = test(left, values[i]);
            }

            frame.Return(values);
            return found;
        };
    }

    // The commonest 'where' compares a property with a written-out string: no string need be made for it.
    private static CompiledCondition? TextEquality(BoundComparison comparison)
    {
        if (
            comparison
            is not {
                Operator: ComparisonOperator.Equal,
                Left: BoundProperty { Path: { Flattens: false } path },
                Right: BoundConstant { Value.Kind: RuleValueKind.String } constant
            }
        )
        {
            return null;
        }

        byte[] expected = System.Text.Encoding.UTF8.GetBytes(constant.Value.Text);
        return frame => PropertyReader.Find(Root(frame, path), path).ValueEquals(expected);
    }

    private static CompiledCondition InList(BoundInList list)
    {
        RuleValue[] elements = [.. list.Elements];
        var set = new HashSet<RuleValue>(elements);
        HashSet<RuleValueKind> kinds = [.. elements.Select(element => element.Kind)];
        return list.Negated
            ? Some(list.Value, value => kinds.Contains(value.Kind) && !set.Contains(value))
            : Some(list.Value, value => set.Contains(value));
    }

    private static CompiledCondition Text(BoundText text)
    {
        if (text.Operator == TextOperator.Matches)
        {
            Regex regex = TextBinder.ToRegex(((BoundConstant)text.Argument).Value.Text);
            return Some(text.Value, value => value.Kind == RuleValueKind.String && regex.IsMatch(value.Text));
        }

        TextOperator op = text.Operator;
        return Some(text.Value, Against(text.Argument, (value, argument) => ValueMath.Matches(op, value, argument)));
    }

    private static CompiledCondition AnyElement(BoundAnyElement any)
    {
        PropertyPath path = any.Array.Path;
        CompiledCondition condition = Condition(any.Condition);
        return frame =>
        {
            JsonCursor outer = frame.Body;
            bool found = ElementReader.Any(frame, Root(frame, path), path, condition);
            frame.Body = outer;
            return found;
        };
    }

    // Right now; when it moves on is for whoever compares it to find out.
    private static CompiledValue Since(BoundAggregate since)
    {
        bool first = since.Function == AggregateFunction.SinceFirst;
        return frame =>
        {
            LaneRange range = WindowResolver.Resolve(
                frame,
                since.Lane,
                since.Window,
                AggregateCompiler.InterestOf(since.Function)
            );
            return range.IsEmpty
                ? RuleValue.Missing
                : RuleValue.Duration(
                    frame.Now.Milliseconds - range.Lane!.TimeAt(first ? range.From : range.To - 1).Milliseconds
                );
        };
    }

    private static CompiledValue Arithmetic(BoundArithmetic arithmetic)
    {
        CompiledValue left = Value(arithmetic.Left);
        CompiledValue right = Value(arithmetic.Right);
        ArithmeticOperator op = arithmetic.Operator;
        return frame => ValueMath.Combine(op, left(frame), right(frame));
    }

    private static CompiledCondition Some(BoundNode node, Func<RuleValue, bool> test) =>
        Some(node, (_, value) => test(value));

    // A path that flattens has many values: some value must pass. Any other node has one.
    private static CompiledCondition Some(BoundNode node, Func<EvaluationFrame, RuleValue, bool> test)
    {
        if (!FlatteningCompiler.Flattens(node))
        {
            CompiledValue single = Value(node);
            return frame => test(frame, single(frame));
        }

        CompiledValues many = FlatteningCompiler.Compile(node);
        return frame =>
        {
            List<RuleValue> values = frame.RentList();
            many(frame, values);
            bool found = false;
            for (int i = 0; i < values.Count && !found; i++)
            {
                found = test(frame, values[i]);
            }

            frame.Return(values);
            return found;
        };
    }

    private static JsonCursor TraitCursor(EvaluationFrame frame, BoundTrait trait) =>
        frame.Customer.Traits.Find(trait.Trait) is { } found ? PropertyReader.Find(found.Value, trait.Path) : default;

    /// <summary>Where a path of the event begins.</summary>
    public static JsonCursor Root(EvaluationFrame frame, PropertyPath path) =>
        path.Root == PathRoot.Envelope ? frame.Envelope : frame.Body;
}
