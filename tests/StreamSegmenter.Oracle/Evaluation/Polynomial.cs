using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>A polynomial in <c>now</c> with exact coefficients, the constant one first.</summary>
internal sealed class Polynomial
{
    private readonly Exact[] _coefficients;

    public Polynomial(params IEnumerable<Exact> coefficients)
    {
        var all = coefficients.ToList();
        while (all.Count > 0 && all[^1].Sign == 0)
        {
            all.RemoveAt(all.Count - 1);
        }

        _coefficients = [.. all];
    }

    public bool IsZero => _coefficients.Length == 0;

    public static Polynomial operator -(Polynomial value) => new(value._coefficients.Select(c => -c));

    public static Polynomial operator +(Polynomial left, Polynomial right) =>
        new(
            Enumerable
                .Range(0, Math.Max(left._coefficients.Length, right._coefficients.Length))
                .Select(power => left.Coefficient(power) + right.Coefficient(power))
        );

    public static Polynomial operator *(Polynomial left, Polynomial right)
    {
        var product = new Exact[left._coefficients.Length + right._coefficients.Length];
        for (var l = 0; l < left._coefficients.Length; l++)
        {
            for (var r = 0; r < right._coefficients.Length; r++)
            {
                product[l + r] += left._coefficients[l] * right._coefficients[r];
            }
        }

        return new(product);
    }

    /// <summary>Whole numbers that tell the sign everywhere: two in a row wherever it changes.</summary>
    public IReadOnlyList<long> Turns(long from, long to)
    {
        if (_coefficients.Length <= 1)
        {
            return [];
        }

        var derivative = new Polynomial(_coefficients.Skip(1).Select((c, power) => c * (power + 1)));
        IReadOnlyList<long> marks = [.. derivative.Turns(from, to).Append(from).Append(to).Distinct().Order()];
        var turns = new List<long>(marks.Where(mark => mark > from && mark < to));
        foreach (var (low, high) in marks.Zip(marks.Skip(1)))
        {
            if (SignAt(low) != SignAt(high))
            {
                var last = LastOfSign(low, high);
                turns.AddRange([last, last + 1]);
            }
        }

        return turns;
    }

    private long LastOfSign(long low, long high)
    {
        var sign = SignAt(low);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = SignAt(middle) == sign ? (middle, high) : (low, middle);
        }

        return low;
    }

    private int SignAt(long x)
    {
        Exact value = 0;
        foreach (var coefficient in _coefficients.Reverse())
        {
            value = (value * x) + coefficient;
        }

        return value.Sign;
    }

    private Exact Coefficient(int power) => power < _coefficients.Length ? _coefficients[power] : 0;
}

/// <summary>A value that moves with <c>now</c>: one polynomial over another that is not zero.</summary>
internal readonly record struct Ratio(Polynomial Above, Polynomial Below)
{
    public static Ratio Constant(Exact value) => new(new(value), new(1L));

    public static Ratio? Apply(char operation, Ratio left, Ratio right) =>
        operation switch
        {
            '+' => new((left.Above * right.Below) + (right.Above * left.Below), left.Below * right.Below),
            '-' => Apply('+', left, new(-right.Above, right.Below)),
            '*' => new(left.Above * right.Above, left.Below * right.Below),
            _ => right.Above.IsZero ? null : new Ratio(left.Above * right.Below, left.Below * right.Above),
        };
}
