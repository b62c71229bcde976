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

    /// <summary>The nearest decimal; exact whenever 28 digits are enough, saturated beyond decimal's range.</summary>
    public static decimal ToDecimal(BigInteger units, int scale)
    {
        while (scale > 0 && BigInteger.Abs(units) > LargestMantissa)
        {
            (BigInteger quotient, BigInteger remainder) = BigInteger.DivRem(units, 10);
            bool up = BigInteger.Abs(remainder) > 5 || (BigInteger.Abs(remainder) == 5 && !quotient.IsEven);
            (units, scale) = (up ? quotient + units.Sign : quotient, scale - 1);
        }

        if (BigInteger.Abs(units) > LargestMantissa)
        {
            return units.Sign > 0 ? decimal.MaxValue : decimal.MinValue;
        }

        decimal mantissa = (decimal)units;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(mantissa, bits);
        return new decimal(bits[0], bits[1], bits[2], mantissa < 0, (byte)scale);
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
