using System.Globalization;
using System.Numerics;

namespace StreamSegmenter.Oracle.Values;

/// <summary>An exact decimal number, <c>Mantissa / 10^Scale</c>, in lowest terms, so equal numbers are equal.</summary>
internal readonly record struct Exact
{
    private const int QuotientDigits = 28;

    private Exact(BigInteger mantissa, int scale)
    {
        while (scale > 0 && (mantissa % 10).IsZero)
        {
            mantissa /= 10;
            scale--;
        }

        Mantissa = mantissa;
        Scale = scale;
    }

    public BigInteger Mantissa { get; }

    public int Scale { get; }

    public int Sign => Mantissa.Sign;

    public static implicit operator Exact(long whole) => new(whole, 0);

    public static Exact operator -(Exact value) => new(-value.Mantissa, value.Scale);

    public static Exact operator +(Exact left, Exact right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        return new(left.At(scale) + right.At(scale), scale);
    }

    public static Exact operator -(Exact left, Exact right) => left + -right;

    public static Exact operator *(Exact left, Exact right) =>
        new(left.Mantissa * right.Mantissa, left.Scale + right.Scale);

    public static int Compare(Exact left, Exact right) => (left - right).Sign;

    /// <summary>The quotient as System.Decimal gives it; 28 significant digits where that type is too small.</summary>
    public static Exact Divide(Exact dividend, Exact divisor)
    {
        try
        {
            return From(dividend.ToDecimal() / divisor.ToDecimal());
        }
        catch (OverflowException)
        {
            var shift = Math.Max(0, QuotientDigits + Digits(divisor) - Digits(dividend));
            var scale = dividend.Scale - divisor.Scale + shift;
            var mantissa = dividend.Mantissa * BigInteger.Pow(10, shift) / divisor.Mantissa;
            return scale >= 0 ? new(mantissa, scale) : new(mantissa * BigInteger.Pow(10, -scale), 0);
        }
    }

    /// <summary>Reads a number as JSON writes it.</summary>
    /// <exception cref="OverflowException">The exponent is out of any reasonable range.</exception>
    public static Exact Parse(string text)
    {
        var e = text.IndexOfAny(['e', 'E']);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.Integer, CultureInfo.InvariantCulture);
        if (Math.Abs((long)exponent) > 1000)
        {
            throw new OverflowException($"The number {text} is out of range.");
        }

        var digits = e < 0 ? text : text[..e];
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var scale = (point < 0 ? 0 : digits.Length - point - 1) - exponent;
        var mantissa = BigInteger.Parse(
            digits.Replace(".", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture
        );
        return scale >= 0 ? new(mantissa, scale) : new(mantissa * BigInteger.Pow(10, -scale), 0);
    }

    private static Exact From(decimal value)
    {
        var bits = decimal.GetBits(value);
        var mantissa =
            ((BigInteger)(uint)bits[2] << 64) + ((BigInteger)(uint)bits[1] << 32) + (BigInteger)(uint)bits[0];
        return new(bits[3] < 0 ? -mantissa : mantissa, (bits[3] >> 16) & 0xFF);
    }

    private BigInteger At(int scale) => Mantissa * BigInteger.Pow(10, scale - Scale);

    private decimal ToDecimal() =>
        Scale <= QuotientDigits ? (decimal)Mantissa / PowerOfTen(Scale) : throw new OverflowException();

    private static int Digits(Exact value) =>
        BigInteger.Abs(value.Mantissa).ToString(CultureInfo.InvariantCulture).Length;

    private static decimal PowerOfTen(int exponent) => (decimal)BigInteger.Pow(10, exponent);
}
