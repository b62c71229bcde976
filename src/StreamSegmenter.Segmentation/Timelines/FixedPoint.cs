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
    public static decimal ToDecimal(Int128 units, int scale)
    {
        UInt128 magnitude = (UInt128)Int128.Abs(units);
        var (high, low) = ((ulong)(magnitude >> 64), (ulong)magnitude);
        return high <= uint.MaxValue
            ? new decimal((int)low, (int)(low >> 32), (int)high, Int128.IsNegative(units), (byte)scale)
            : ToDecimal((BigInteger)units, scale);
    }

    /// <summary>The nearest decimal; exact whenever 28 digits are enough, saturated beyond decimal's range.</summary>
    public static decimal ToDecimal(BigInteger units, int scale)
    {
        // Rounded once, from all digits: rounding digit by digit would move some numbers twice.
        BigInteger mantissa = units;
        int dropped = 0;
        while (dropped < scale && BigInteger.Abs(mantissa) > LargestMantissa)
        {
            mantissa = WithoutLastDigits(units, ++dropped);
        }

        if (BigInteger.Abs(mantissa) > LargestMantissa)
        {
            return units.Sign > 0 ? decimal.MaxValue : decimal.MinValue;
        }

        Span<int> bits = stackalloc int[4];
        decimal.GetBits((decimal)mantissa, bits);
        return new decimal(bits[0], bits[1], bits[2], mantissa.Sign < 0, (byte)(scale - dropped));
    }

    // Half goes to even.
    private static BigInteger WithoutLastDigits(BigInteger units, int digits)
    {
        var power = BigInteger.Pow(10, digits);
        var quotient = BigInteger.DivRem(units, power, out BigInteger remainder);
        int half = (BigInteger.Abs(remainder) * 2).CompareTo(power);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + units.Sign : quotient;
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
