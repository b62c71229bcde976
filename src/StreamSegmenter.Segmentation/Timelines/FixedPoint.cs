using System.Numerics;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>Whole numbers of 10^-scale: what decimals are added as, so that a sum never rounds.</summary>
internal static class FixedPoint
{
    public const int LargestScale = 28;

    private static readonly Int128[] Powers = PowersOfTen();
    private static readonly BigInteger LargestMantissa = new(decimal.MaxValue);

    /// <summary>Throws <see cref="OverflowException"/> when the units do not fit.</summary>
    public static Int128 ToUnits(decimal value, int scale)
    {
        Int128 mantissa = Mantissa(value);
        return scale == value.Scale ? mantissa : checked(mantissa * Powers[scale - value.Scale]);
    }

    public static BigInteger ToBigUnits(decimal value, int scale)
    {
        return Mantissa(value) * BigInteger.Pow(10, scale - value.Scale);
    }

    public static Int128 Rescale(Int128 units, int by) => checked(units * Powers[by]);

    /// <summary>As for larger numbers; without a detour where the digits fit a decimal.</summary>
    public static decimal ToDecimal(Int128 units, int scale) =>
        TryFit(units, scale, out decimal value) ? value : ToDecimal((BigInteger)units, scale);

    /// <inheritdoc cref="ToDecimal(Int128, int)"/>
    public static decimal Divide(Int128 units, int scale, int parts) =>
        TryFit(units, scale, out decimal value) ? value / parts : Divide((BigInteger)units, scale, parts);

    /// <summary>The nearest decimal; exact whenever 28 digits are enough, saturated beyond decimal's range.</summary>
    public static decimal ToDecimal(BigInteger units, int scale) => Divide(units, scale, 1, scale);

    /// <summary>The decimal nearest to a part of a number that may itself be beyond what decimals can hold.</summary>
    public static decimal Divide(BigInteger units, int scale, int parts) => Divide(units, scale, parts, LargestScale);

    private static decimal Divide(BigInteger units, int scale, int parts, int decimals)
    {
        // Rounded once, from all digits: rounding digit by digit would move some numbers twice.
        BigInteger mantissa;
        do
        {
            mantissa = Round(units * BigInteger.Pow(10, decimals), parts * BigInteger.Pow(10, scale));
        } while (BigInteger.Abs(mantissa) > LargestMantissa && --decimals >= 0);

        if (decimals < 0)
        {
            return units.Sign > 0 ? decimal.MaxValue : decimal.MinValue;
        }

        Span<int> bits = stackalloc int[4];
        decimal.GetBits((decimal)mantissa, bits);
        return new decimal(bits[0], bits[1], bits[2], mantissa.Sign < 0, (byte)decimals);
    }

    private static bool TryFit(Int128 units, int scale, out decimal value)
    {
        UInt128 magnitude = (UInt128)Int128.Abs(units);
        var (high, low) = ((ulong)(magnitude >> 64), (ulong)magnitude);
        bool fits = high <= uint.MaxValue;
        value = fits ? new decimal((int)low, (int)(low >> 32), (int)high, Int128.IsNegative(units), (byte)scale) : 0;
        return fits;
    }

    // Half goes to even.
    private static BigInteger Round(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out BigInteger remainder);
        int half = (BigInteger.Abs(remainder) * 2).CompareTo(divisor);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + dividend.Sign : quotient;
    }

    private static Int128 Mantissa(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        return decimal.IsNegative(value) ? -(Int128)magnitude : (Int128)magnitude;
    }

    private static Int128[] PowersOfTen()
    {
        var powers = new Int128[LargestScale + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
