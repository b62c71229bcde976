using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// Compiles conditions on what is calculated from <c>since(...)</c>, with the exact instants at which they change.
/// </summary>
internal static class ClockedCompiler
{
    // Null: missing.
    private delegate Curve? CompiledCurve(EvaluationFrame frame);

    public static CompiledCondition Comparison(BoundComparison comparison)
    {
        CompiledCurve left = Compile(comparison.Left);
        CompiledCurve right = Compile(comparison.Right);
        ComparisonOperator op = comparison.Operator;
        return frame =>
            left(frame) is { } a
            && right(frame) is { } b
            && a.Kind == b.Kind
            && Curve.Combine(ArithmeticOperator.Subtract, a, b) is { } difference
            && Holds(frame, difference, later => ValueMath.Satisfies(op, a.At(later), b.At(later)));
    }

    public static CompiledCondition Presence(BoundPresence presence)
    {
        CompiledCurve compiled = Compile(presence.Value);
        bool present = presence.Present;
        return frame =>
            present == (compiled(frame) is { } curve && Holds(frame, curve, later => !curve.At(later).IsMissing));
    }

    private static bool Holds(EvaluationFrame frame, Curve curve, Func<long, bool> test)
    {
        frame.MayChangeAt(curve.FirstChange(frame.Now, test));
        return test(0);
    }

    private static CompiledCurve Compile(BoundNode node)
    {
        switch (node)
        {
            case BoundAggregate { Clocked: true } aggregate:
                return Since(aggregate);
            case BoundNegation { Clocked: true } negation:
                CompiledCurve operand = Compile(negation.Operand);
                return frame => operand(frame) is { } curve ? -curve : null;
            case BoundArithmetic { Clocked: true } arithmetic:
                CompiledCurve left = Compile(arithmetic.Left);
                CompiledCurve right = Compile(arithmetic.Right);
                ArithmeticOperator op = arithmetic.Operator;
                return frame => left(frame) is { } a && right(frame) is { } b ? Curve.Combine(op, a, b) : null;
            default:
                return Constant(RuleCompiler.Value(node));
        }
    }

    private static CompiledCurve Constant(CompiledValue value) =>
        frame =>
        {
            RuleValue constant = value(frame);
            return constant.Kind is RuleValueKind.Number or RuleValueKind.Duration or RuleValueKind.Time
                ? Curve.Constant(constant)
                : null;
        };

    private static CompiledCurve Since(BoundAggregate aggregate)
    {
        bool first = aggregate.Function == AggregateFunction.SinceFirst;
        WindowInterest interest = AggregateCompiler.InterestOf(aggregate.Function);
        return frame =>
        {
            LaneRange range = WindowResolver.Resolve(frame, aggregate.Lane, aggregate.Window, interest);
            return range.IsEmpty
                ? null
                : Curve.Elapsed(
                    frame.Now.Milliseconds - range.Lane!.TimeAt(first ? range.From : range.To - 1).Milliseconds
                );
        };
    }
}
