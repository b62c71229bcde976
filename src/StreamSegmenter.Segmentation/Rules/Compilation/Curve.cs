using System.Numerics;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// A value that moves with the clock until an event or the end of a window bends it: a quotient of polynomials in the
/// milliseconds from now on, so that nothing is rounded.
/// </summary>
/// <param name="Divisors">The product of all that was divided by: where it is zero, the value is missing.</param>
internal sealed record Curve(RuleValueKind Kind, Polynomial Above, Polynomial Below, Polynomial Divisors)
{
    /// <summary>Grows by a millisecond each millisecond, from <paramref name="elapsed"/>.</summary>
    public static Curve Elapsed(long elapsed) =>
        new(RuleValueKind.Duration, new(elapsed, BigInteger.One), Polynomial.One, Polynomial.One);

    public static Curve Constant(RuleValue value) =>
        new(
            value.Kind,
            new(FixedPoint.ToBigUnits(value.Amount, FixedPoint.LargestScale)),
            new(BigInteger.Pow(10, FixedPoint.LargestScale)),
            Polynomial.One
        );

    public static Curve operator -(Curve curve) => curve with { Above = -curve.Above };

    /// <summary>Null if the operation has no meaning for these types.</summary>
    public static Curve? Combine(ArithmeticOperator op, Curve left, Curve right)
    {
        RuleValue kind = ValueMath.Combine(op, RuleValue.Quantity(left.Kind, 1), RuleValue.Quantity(right.Kind, 1));
        Polynomial divisors = left.Divisors * right.Divisors;
        return kind.IsMissing
            ? null
            : op switch
            {
                ArithmeticOperator.Add or ArithmeticOperator.Subtract => Sum(
                    left,
                    op == ArithmeticOperator.Add ? right : -right,
                    kind.Kind
                ),
                ArithmeticOperator.Multiply => new(
                    kind.Kind,
                    left.Above * right.Above,
                    left.Below * right.Below,
                    divisors
                ),
                _ => new(kind.Kind, left.Above * right.Below, left.Below * right.Above, divisors * right.Above),
            };
    }

    /// <summary>Whether the value, at so many milliseconds from now, stands so to zero; false where missing.</summary>
    public bool Satisfies(ComparisonOperator op, long milliseconds) =>
        IsPresent(milliseconds) && ValueMath.Satisfies(op, Above.SignAt(milliseconds) * Below.SignAt(milliseconds));

    public bool IsPresent(long milliseconds) => Divisors.SignAt(milliseconds) != 0;

    /// <summary>
    /// The first instant after now at which <paramref name="test"/>, a test on signs, gives another result than now.
    /// </summary>
    public Timestamp FirstChange(Timestamp now, Func<long, bool> test)
    {
        var turns = new SortedSet<long>();
        long end = Iso8601.Latest.Milliseconds - now.Milliseconds;
        Above.AddTurns(0, end, turns);
        Below.AddTurns(0, end, turns);
        Divisors.AddTurns(0, end, turns);
        bool before = test(0);
        foreach (long turn in turns)
        {
            if (test(turn) != before)
            {
                return now.Plus(turn);
            }
        }

        return Timestamp.Never;
    }

    private static Curve Sum(Curve a, Curve b, RuleValueKind kind) =>
        new(kind, (a.Above * b.Below) + (b.Above * a.Below), a.Below * b.Below, a.Divisors * b.Divisors);
}
