using System.Numerics;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// A value that moves with the clock until an event or the end of a window bends it. As a quotient of polynomials in
/// the milliseconds from now on it tells where to look for changes; what holds there is for <paramref name="At"/> to
/// say, which calculates, and rounds, as with values that stand still.
/// </summary>
/// <param name="At">The value at so many milliseconds from now.</param>
/// <param name="Divisors">The product of all that was divided by: where it is zero, the value is missing.</param>
internal sealed record Curve(
    RuleValueKind Kind,
    Func<long, RuleValue> At,
    Polynomial Above,
    Polynomial Below,
    Polynomial Divisors
)
{
    /// <summary>Grows by a millisecond each millisecond, from <paramref name="elapsed"/>.</summary>
    public static Curve Elapsed(long elapsed) =>
        new(
            RuleValueKind.Duration,
            later => RuleValue.Duration(elapsed + (decimal)later),
            new(elapsed, BigInteger.One),
            Polynomial.One,
            Polynomial.One
        );

    public static Curve Constant(RuleValue value) =>
        new(
            value.Kind,
            _ => value,
            new(FixedPoint.ToBigUnits(value.Amount, FixedPoint.LargestScale)),
            new(BigInteger.Pow(10, FixedPoint.LargestScale)),
            Polynomial.One
        );

    public static Curve operator -(Curve curve) =>
        curve with
        {
            At = later => ValueMath.Negate(curve.At(later)),
            Above = -curve.Above,
        };

    /// <summary>Null if the operation has no meaning for these types.</summary>
    public static Curve? Combine(ArithmeticOperator op, Curve left, Curve right)
    {
        RuleValue kind = ValueMath.Combine(op, RuleValue.Quantity(left.Kind, 1), RuleValue.Quantity(right.Kind, 1));
        if (kind.IsMissing)
        {
            return null;
        }

        (Polynomial above, Polynomial below) = op switch
        {
            ArithmeticOperator.Add => (
                (left.Above * right.Below) + (right.Above * left.Below),
                left.Below * right.Below
            ),
            ArithmeticOperator.Subtract => (
                (left.Above * right.Below) + -(right.Above * left.Below),
                left.Below * right.Below
            ),
            ArithmeticOperator.Multiply => (left.Above * right.Above, left.Below * right.Below),
            _ => (left.Above * right.Below, left.Below * right.Above),
        };
        Polynomial divisors = left.Divisors * right.Divisors;
        return new(
            kind.Kind,
            later => ValueMath.Combine(op, left.At(later), right.At(later)),
            above,
            below,
            op == ArithmeticOperator.Divide ? divisors * right.Above : divisors
        );
    }

    /// <summary>
    /// The first instant after now at which <paramref name="test"/>, on the sign of this curve or its presence, gives
    /// another result than now.
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
            // Rounding may move a change by one.
            for (long later = Math.Max(1, turn - 1); later <= turn + 1; later++)
            {
                if (test(later) != before)
                {
                    return now.Plus(later);
                }
            }
        }

        return Timestamp.Never;
    }
}
