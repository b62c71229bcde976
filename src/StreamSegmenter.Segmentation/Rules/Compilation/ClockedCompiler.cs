using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// A value that is a straight line over time, <c>(Offset + Slope × now) / Divisor</c> in milliseconds, until an event
/// or the end of a window bends it. The divisor stands apart, and is positive, so that nothing is rounded before a
/// comparison.
/// </summary>
internal readonly record struct Line(RuleValueKind Kind, decimal Offset, decimal Slope, decimal Divisor)
{
    public static Line Missing => default;

    public bool IsMissing => Kind == RuleValueKind.Missing;

    public decimal At(Timestamp now) => ValueMath.Combine(ArithmeticOperator.Divide, Numerator(now), Divisor);

    /// <summary>Has the sign of the value.</summary>
    public decimal Numerator(Timestamp now) =>
        ValueMath.Combine(
            ArithmeticOperator.Add,
            Offset,
            ValueMath.Combine(ArithmeticOperator.Multiply, Slope, now.Milliseconds)
        );

    public static Line Add(in Line a, in Line b, RuleValueKind kind)
    {
        Line left = a.Times(b.Divisor);
        Line right = b.Times(a.Divisor);
        decimal divisor = ValueMath.Combine(ArithmeticOperator.Multiply, a.Divisor, b.Divisor);
        return new(
            kind,
            ValueMath.Combine(ArithmeticOperator.Add, left.Offset, right.Offset),
            ValueMath.Combine(ArithmeticOperator.Add, left.Slope, right.Slope),
            divisor
        );
    }

    public Line Times(decimal factor) =>
        this with
        {
            Offset = ValueMath.Combine(ArithmeticOperator.Multiply, Offset, factor),
            Slope = ValueMath.Combine(ArithmeticOperator.Multiply, Slope, factor),
        };

    public Line Over(decimal divisor)
    {
        Line line = divisor < 0 ? Times(-1) : this;
        return line with { Divisor = ValueMath.Combine(ArithmeticOperator.Multiply, Divisor, Math.Abs(divisor)) };
    }
}

/// <summary>
/// Compiles <c>since(...)</c> and what is computed from it, with the exact instants at which comparisons flip.
/// </summary>
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

            Line difference = Line.Add(left, right.Times(-1), left.Kind);
            bool holds = Satisfies(op, difference, frame.Now);
            ReportFlip(frame, op, difference, holds);
            return holds;
        };
    }

    private static bool Satisfies(ComparisonOperator op, in Line difference, Timestamp now) =>
        ValueMath.Satisfies(op, difference.Numerator(now).CompareTo(0));

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
                return frame => operand(frame).Times(-1);
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
                ? new(constant.Kind, constant.Amount, Slope: 0, Divisor: 1)
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
                    Slope: 1,
                    Divisor: 1
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

        return op switch
        {
            ArithmeticOperator.Add => Line.Add(left, right, kind.Kind),
            ArithmeticOperator.Subtract => Line.Add(left, right.Times(-1), kind.Kind),
            ArithmeticOperator.Multiply when left.Slope == 0 => right.Times(left.Offset).Over(left.Divisor) with
            {
                Kind = kind.Kind,
            },
            ArithmeticOperator.Multiply => left.Times(right.Offset).Over(right.Divisor) with { Kind = kind.Kind },
            _ => left.Times(right.Divisor).Over(right.Offset) with { Kind = kind.Kind },
        };
    }
}
