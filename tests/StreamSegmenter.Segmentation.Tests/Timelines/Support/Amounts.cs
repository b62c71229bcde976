using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace StreamSegmenter.Segmentation.Tests.Timelines.Support;

/// <summary>Decimals of every size and scale, and exact arithmetic to judge them by.</summary>
internal static class Amounts
{
    private const int Scale = 28;
    private static readonly BigInteger LargestMantissa = (BigInteger.One << 96) - 1;

    private static Gen<decimal> Mantissas { get; } =
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from middle in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(int.MinValue, int.MaxValue)))
        from high in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(int.MinValue, int.MaxValue)))
        from negative in Gen.Elements(true, false)
        select new decimal(low, middle, high, negative, 0);

    /// <summary>Prices mostly, with numbers of up to 29 digits and 28 decimals among them.</summary>
    public static Gen<decimal> Any { get; } =
        Gen.Frequency(
            (6, Gen.Choose(-100_000, 100_000).Select(cents => cents / 100m)),
            (1, Gen.Elements(0m, 0.00m, 1m, decimal.MaxValue, decimal.MinValue, 1e-28m, 0.1m, 1.10m)),
            (2, from mantissa in Mantissas from scale in Gen.Choose(0, Scale) select WithScale(mantissa, scale))
        );

    /// <summary>In units of 10^-28.</summary>
    public static BigInteger Exact(decimal value)
    {
        int[] bits = decimal.GetBits(value);
        BigInteger mantissa = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return (value < 0 ? -mantissa : mantissa) * BigInteger.Pow(10, Scale - value.Scale);
    }

    /// <summary>
    /// Whether no decimal of the largest scale that can hold it is nearer to <paramref name="units"/> of 10^-scale.
    /// </summary>
    public static bool IsNearest(decimal value, BigInteger units, int scale)
    {
        BigInteger distance = BigInteger.Abs(
            Exact(value) * BigInteger.Pow(10, scale) - units * BigInteger.Pow(10, Scale)
        );
        // The last digit of the value, in the same units.
        BigInteger step = BigInteger.Pow(10, Scale - value.Scale + scale);
        bool beyond = BigInteger.Abs(units) > LargestMantissa * BigInteger.Pow(10, scale);
        return beyond
            ? value == (units.Sign > 0 ? decimal.MaxValue : decimal.MinValue)
            : distance == 0 || (distance * 2 <= step && IsFull(value));
    }

    // It rounds only when one decimal more would not fit.
    private static bool IsFull(decimal value) =>
        value.Scale == Scale
        || BigInteger.Abs(Exact(value)) * 10 / BigInteger.Pow(10, Scale - value.Scale) >= LargestMantissa - 9;

    private static decimal WithScale(decimal mantissa, int scale)
    {
        int[] bits = decimal.GetBits(mantissa);
        return new decimal(bits[0], bits[1], bits[2], mantissa < 0, (byte)scale);
    }
}
