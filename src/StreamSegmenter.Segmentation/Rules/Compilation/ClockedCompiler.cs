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

    // Of what is calculated with a path that flattens: one for each element.
    private delegate IReadOnlyList<Curve> CompiledCurves(EvaluationFrame frame);

    public static CompiledCondition Comparison(BoundComparison comparison)
    {
        ComparisonOperator op = comparison.Operator;
        if (FlatteningCompiler.Flattens(comparison.Left) || FlatteningCompiler.Flattens(comparison.Right))
        {
            CompiledCurves lefts = CompileAll(comparison.Left);
            CompiledCurves rights = CompileAll(comparison.Right);
            return frame =>
            {
                IReadOnlyList<Curve> others = rights(frame);
                return lefts(frame).Any(a => others.Any(b => Satisfies(frame, op, a, b)));
            };
        }

        CompiledCurve left = Compile(comparison.Left);
        CompiledCurve right = Compile(comparison.Right);
        return frame => left(frame) is { } a && right(frame) is { } b && Satisfies(frame, op, a, b);
    }

    public static CompiledCondition Presence(BoundPresence presence)
    {
        bool present = presence.Present;
        if (FlatteningCompiler.Flattens(presence.Value))
        {
            CompiledCurves all = CompileAll(presence.Value);
            return frame => present == all(frame).Any(curve => IsPresent(frame, curve));
        }

        CompiledCurve compiled = Compile(presence.Value);
        return frame => present == (compiled(frame) is { } curve && IsPresent(frame, curve));
    }

    private static bool Satisfies(EvaluationFrame frame, ComparisonOperator op, Curve a, Curve b) =>
        a.Kind == b.Kind
        && Curve.Combine(ArithmeticOperator.Subtract, a, b) is { } difference
        && Holds(frame, difference, later => ValueMath.Satisfies(op, a.At(later), b.At(later)));

    private static bool IsPresent(EvaluationFrame frame, Curve curve) =>
        Holds(frame, curve, later => !curve.At(later).IsMissing);

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

    private static CompiledCurves CompileAll(BoundNode node)
    {
        if (!FlatteningCompiler.Flattens(node))
        {
            CompiledCurve single = Compile(node);
            return frame => single(frame) is { } curve ? [curve] : [];
        }

        switch (node)
        {
            case BoundNegation { Clocked: true } negation:
                CompiledCurves operands = CompileAll(negation.Operand);
                return frame => [.. operands(frame).Select(static curve => -curve)];
            case BoundArithmetic { Clocked: true } arithmetic:
                CompiledCurves lefts = CompileAll(arithmetic.Left);
                CompiledCurves rights = CompileAll(arithmetic.Right);
                return frame => Pairs(arithmetic.Operator, lefts(frame), rights(frame));
            default:
                CompiledValues values = FlatteningCompiler.Compile(node);
                return frame => Constants(frame, values);
        }
    }

    private static List<Curve> Pairs(ArithmeticOperator op, IReadOnlyList<Curve> lefts, IReadOnlyList<Curve> rights) =>
        [.. lefts.SelectMany(a => rights.Select(b => Curve.Combine(op, a, b))).OfType<Curve>()];

    private static List<Curve> Constants(EvaluationFrame frame, CompiledValues compiled)
    {
        List<RuleValue> values = frame.RentList();
        compiled(frame, values);
        List<Curve> curves = [.. values.Select(Constant).OfType<Curve>()];
        frame.Return(values);
        return curves;
    }

    private static CompiledCurve Constant(CompiledValue value) => frame => Constant(value(frame));

    private static Curve? Constant(RuleValue value) =>
        value.Kind is RuleValueKind.Number or RuleValueKind.Duration or RuleValueKind.Time
            ? Curve.Constant(value)
            : null;

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
