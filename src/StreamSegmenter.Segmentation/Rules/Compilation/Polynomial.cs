using System.Numerics;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>A polynomial with whole coefficients, the constant first. Immutable.</summary>
internal sealed class Polynomial(params BigInteger[] coefficients)
{
    public static readonly Polynomial One = new(BigInteger.One);

    private readonly BigInteger[] _coefficients = coefficients;

    private bool IsConstant => _coefficients.Length == 1;

    public static Polynomial operator +(Polynomial a, Polynomial b)
    {
        var sum = new BigInteger[Math.Max(a._coefficients.Length, b._coefficients.Length)];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = a.Coefficient(i) + b.Coefficient(i);
        }

        return Trimmed(sum);
    }

    public static Polynomial operator -(Polynomial a) => new([.. a._coefficients.Select(BigInteger.Negate)]);

    public static Polynomial operator *(Polynomial a, Polynomial b)
    {
        var product = new BigInteger[a._coefficients.Length + b._coefficients.Length - 1];
        for (int i = 0; i < a._coefficients.Length; i++)
        {
            for (int j = 0; j < b._coefficients.Length; j++)
            {
                product[i + j] += a._coefficients[i] * b._coefficients[j];
            }
        }

        return Trimmed(product);
    }

    public int SignAt(long x)
    {
        BigInteger value = BigInteger.Zero;
        for (int i = _coefficients.Length - 1; i >= 0; i--)
        {
            value = (value * x) + _coefficients[i];
        }

        return value.Sign;
    }

    /// <summary>
    /// Whole numbers in (<paramref name="from"/>, <paramref name="to"/>] that hold every one at which the sign differs
    /// from that at the number before. May hold others too.
    /// </summary>
    public void AddTurns(long from, long to, ISet<long> turns)
    {
        if (IsConstant)
        {
            return;
        }

        // Between two turns of its derivative a polynomial goes one way, so it has one root there at most.
        var bends = new SortedSet<long> { from, to };
        Derivative().AddTurns(from, to, bends);
        long start = from;
        foreach (long end in bends.SelectMany(bend => (long[])[bend - 1, bend, bend + 1]).ToArray())
        {
            if (end > start && end <= to)
            {
                AddTurnBetween(start, end, turns);
                start = end;
            }
        }
    }

    private void AddTurnBetween(long start, long end, ISet<long> turns)
    {
        int before = SignAt(start);
        if (SignAt(end) == before)
        {
            return;
        }

        (long low, long high) = (start, end);
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = SignAt(middle) == before ? (middle, high) : (low, middle);
        }

        turns.Add(high);
        if (high < end)
        {
            // A root at a whole number: the sign turns to zero there, and away from it at the next.
            turns.Add(high + 1);
        }
    }

    private Polynomial Derivative() =>
        new([.. Enumerable.Range(1, _coefficients.Length - 1).Select(power => power * _coefficients[power])]);

    private BigInteger Coefficient(int power) => power < _coefficients.Length ? _coefficients[power] : BigInteger.Zero;

    private static Polynomial Trimmed(BigInteger[] coefficients)
    {
        int length = coefficients.Length;
        while (length > 1 && coefficients[length - 1].IsZero)
        {
            length--;
        }

        return new(coefficients[..length]);
    }
}
