using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// A value that is a straight line over time, <c>Offset + Slope × now</c> (in milliseconds), until an event or the end of
/// a window bends it.
/// </summary>
internal readonly record struct Line(RuleValueKind Kind, decimal Offset, decimal Slope)
{
    public static Line Missing => default;

    public bool IsMissing => Kind == RuleValueKind.Missing;

    public decimal At(Timestamp now) => Offset + (Slope * now.Milliseconds);
}

/// <summary>Compiles <c>since(...)</c> and what is computed from it, with the exact instants at which comparisons flip.</summary>
internal static class ClockedCompiler
{
    private delegate Line CompiledLine(EvaluationFrame frame);

    public static CompiledValue Value(BoundNode node)
    {
        CompiledLine line = Compile(node);
        return frame =>
        {
            Line value = line(frame);
            return value.IsMissing ? RuleValue.Missing : RuleValue.Quantity(value.Kind, value.At(frame.Now));
        };
    }

    public static CompiledCondition Comparison(BoundComparison comparison)
    {
        CompiledLine compiledLeft = Compile(comparison.Left);
        CompiledLine compiledRight = Compile(comparison.Right);
        ComparisonOperator op = comparison.Operator;
        return frame =>
        {
            Line left = compiledLeft(frame);
            Line right = compiledRight(frame);
            if (left.IsMissing || left.Kind != right.Kind)
            {
                return false;
            }

            var difference = new Line(left.Kind, left.Offset - right.Offset, left.Slope - right.Slope);
            bool holds = Satisfies(op, difference, frame.Now);
            ReportFlip(frame, op, difference, holds);
            return holds;
        };
    }

    private static bool Satisfies(ComparisonOperator op, in Line difference, Timestamp now) =>
        ValueMath.Satisfies(op, difference.At(now).CompareTo(0));

    // The line crosses zero once. The comparison flips at the first whole millisecond at or after the crossing, or (for
    // strict order and equality) at the one after that; one is added on either side for the rounding of the division.
    private static void ReportFlip(EvaluationFrame frame, ComparisonOperator op, in Line difference, bool holds)
    {
        if (difference.Slope == 0)
        {
            return;
        }

        decimal crossing = decimal.Floor(-difference.Offset / difference.Slope);
        if (Math.Abs(crossing) >= long.MaxValue / 2)
        {
            return;
        }

        for (long t = (long)crossing - 1; t <= (long)crossing + 2; t++)
        {
            var instant = new Timestamp(t);
            if (instant > frame.Now && Satisfies(op, difference, instant) != holds)
            {
                frame.MayChangeAt(instant);
                return;
            }
        }
    }

    private static CompiledLine Compile(BoundNode node)
    {
        if (!node.Clocked)
        {
            return Constant(RuleCompiler.Value(node));
        }

        switch (node)
        {
            case BoundAggregate aggregate:
                return Since(aggregate);
            case BoundNegation negation:
                CompiledLine operand = Compile(negation.Operand);
                return frame => Scale(operand(frame), -1);
            case BoundArithmetic arithmetic:
                CompiledLine left = Compile(arithmetic.Left);
                CompiledLine right = Compile(arithmetic.Right);
                ArithmeticOperator op = arithmetic.Operator;
                return frame => Combine(op, left(frame), right(frame));
            default:
                throw new InvalidOperationException($"{node.GetType().Name} is not a line.");
        }
    }

    private static CompiledLine Constant(CompiledValue value) =>
        frame =>
        {
            RuleValue constant = value(frame);
            return constant.Kind is RuleValueKind.Number or RuleValueKind.Duration or RuleValueKind.Time
                ? new(constant.Kind, constant.Amount, 0)
                : Line.Missing;
        };

    private static CompiledLine Since(BoundAggregate aggregate)
    {
        bool first = aggregate.Function == AggregateFunction.SinceFirst;
        WindowInterest interest = AggregateCompiler.InterestOf(aggregate.Function);
        return frame =>
        {
            LaneRange range = WindowResolver.Resolve(frame, aggregate.Lane, aggregate.Window, interest);
            return range.IsEmpty
                ? Line.Missing
                : new(
                    RuleValueKind.Duration,
                    -range.Lane!.TimeAt(first ? range.From : range.To - 1).Milliseconds,
                    Slope: 1
                );
        };
    }

    private static Line Combine(ArithmeticOperator op, in Line left, in Line right)
    {
        // Kinds combine as plain values do; the numbers do not matter for that, but a divisor must not be zero.
        RuleValue kind = ValueMath.Combine(
            op,
            RuleValue.Quantity(left.Kind, 1),
            RuleValue.Quantity(right.Kind, op == ArithmeticOperator.Divide ? right.Offset : 1)
        );
        if (kind.IsMissing)
        {
            return Line.Missing;
        }

        Line line = op switch
        {
            ArithmeticOperator.Add => new(default, left.Offset + right.Offset, left.Slope + right.Slope),
            ArithmeticOperator.Subtract => new(default, left.Offset - right.Offset, left.Slope - right.Slope),
            ArithmeticOperator.Multiply when left.Slope == 0 => Scale(right, left.Offset),
            ArithmeticOperator.Multiply => Scale(left, right.Offset),
            _ => new(default, left.Offset / right.Offset, left.Slope / right.Offset),
        };
        return line with { Kind = kind.Kind };
    }

    private static Line Scale(in Line line, decimal factor) =>
        line with
        {
            Offset = line.Offset * factor,
            Slope = line.Slope * factor,
        };
}
