using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>Types of sums, differences, products and quotients.</summary>
internal static class ArithmeticBinder
{
    // Products of them are polynomials of as high a degree, whose crossings are to be found.
    private const int MostClockedParts = 8;

    private static readonly ValueTypes[] Quantities = [ValueTypes.Number, ValueTypes.Time, ValueTypes.Duration];

    public static BoundNode Bind(ArithmeticSyntax syntax, BoundNode left, BoundNode right)
    {
        var types = ValueTypes.None;
        foreach (ValueTypes a in Quantities.Where(type => left.Types.HasFlag(type)))
        {
            foreach (ValueTypes b in Quantities.Where(type => right.Types.HasFlag(type)))
            {
                types |= ResultType(syntax.Operator, a, b);
            }
        }

        if (types == ValueTypes.None)
        {
            throw new RuleException(
                syntax.Place,
                $"cannot {Verb(syntax.Operator)} {left.Types.Describe()} and {right.Types.Describe()}."
            );
        }

        var arithmetic = new BoundArithmetic(left, syntax.Operator, right, types);
        return ClockedParts(arithmetic) <= MostClockedParts
            ? arithmetic
            : throw new RuleException(
                syntax.Place,
                $"a calculation may hold since(...) {MostClockedParts} times at most."
            );
    }

    public static BoundNode BindNegation(NegateSyntax syntax, BoundNode operand)
    {
        if ((operand.Types & (ValueTypes.Number | ValueTypes.Duration)) == 0)
        {
            throw new RuleException(syntax.Place, $"cannot negate {operand.Types.Describe()}.");
        }

        return operand is BoundConstant constant
            ? constant with
            {
                Value = RuleValue.Quantity(constant.Value.Kind, -constant.Value.Amount),
            }
            : new BoundNegation(operand);
    }

    /// <summary>The type of the result for one pair of types; none if the operation has no meaning for them.</summary>
    public static ValueTypes ResultType(ArithmeticOperator op, ValueTypes a, ValueTypes b) =>
        (op, a, b) switch
        {
            (_, ValueTypes.Number, ValueTypes.Number) => ValueTypes.Number,
            (ArithmeticOperator.Add or ArithmeticOperator.Subtract, ValueTypes.Duration, ValueTypes.Duration) =>
                ValueTypes.Duration,
            (ArithmeticOperator.Add or ArithmeticOperator.Subtract, ValueTypes.Time, ValueTypes.Duration) =>
                ValueTypes.Time,
            (ArithmeticOperator.Add, ValueTypes.Duration, ValueTypes.Time) => ValueTypes.Time,
            (ArithmeticOperator.Subtract, ValueTypes.Time, ValueTypes.Time) => ValueTypes.Duration,
            (ArithmeticOperator.Multiply or ArithmeticOperator.Divide, ValueTypes.Duration, ValueTypes.Number) =>
                ValueTypes.Duration,
            (ArithmeticOperator.Multiply, ValueTypes.Number, ValueTypes.Duration) => ValueTypes.Duration,
            (ArithmeticOperator.Divide, ValueTypes.Duration, ValueTypes.Duration) => ValueTypes.Number,
            _ => ValueTypes.None,
        };

    private static int ClockedParts(BoundNode node) =>
        node switch
        {
            BoundArithmetic arithmetic => ClockedParts(arithmetic.Left) + ClockedParts(arithmetic.Right),
            BoundNegation negation => ClockedParts(negation.Operand),
            _ => node.Clocked ? 1 : 0,
        };

    private static string Verb(ArithmeticOperator op) =>
        op switch
        {
            ArithmeticOperator.Add => "add",
            ArithmeticOperator.Subtract => "subtract",
            ArithmeticOperator.Multiply => "multiply",
            _ => "divide",
        };
}
