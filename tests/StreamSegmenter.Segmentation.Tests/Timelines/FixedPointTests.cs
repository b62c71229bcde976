using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Tests.Timelines.Support;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Timelines;

public sealed class FixedPointTests
{
    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("-150", 2, "-1.5")]
    [InlineData("79228162514264337593543950335", 0, "79228162514264337593543950335")]
    [InlineData("79228162514264337593543950336", 0, "79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950336", 0, "-79228162514264337593543950335")]
    [InlineData("792281625142643375935439503354", 1, "79228162514264337593543950335")]
    [InlineData("100000000000000000000000000015", 1, "10000000000000000000000000002")]
    [InlineData("100000000000000000000000000025", 1, "10000000000000000000000000002")]
    [InlineData("-100000000000000000000000000035", 1, "-10000000000000000000000000004")]
    // Rounded digit by digit, 46 would become 5 and push the odd digit before it up.
    [InlineData("1000000000000000000000000000146", 2, "10000000000000000000000000001")]
    [InlineData("100000000000000000000000000014446", 4, "10000000000000000000000000001")]
    [InlineData("1000000000000000000000000000151", 2, "10000000000000000000000000002")]
    public void Units_become_the_nearest_decimal(string units, int scale, string expected) =>
        FixedPoint
            .ToDecimal(BigInteger.Parse(units, CultureInfo.InvariantCulture), scale)
            .ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("140000000000000000000000000000", 0, 2, "70000000000000000000000000000")]
    [InlineData("-158456325028528675187087900670", 0, 2, "-79228162514264337593543950335")]
    [InlineData("300000000000000000000000000003", 1, 3, "10000000000000000000000000000.1")]
    [InlineData("1", 0, 3, "0.3333333333333333333333333333")]
    [InlineData("-2", 0, 3, "-0.6666666666666666666666666667")]
    [InlineData("5", 28, 2, "0.0000000000000000000000000002")]
    public void Parts_are_divided_before_they_are_rounded(string units, int scale, int parts, string expected) =>
        FixedPoint
            .Divide(BigInteger.Parse(units, CultureInfo.InvariantCulture), scale, parts)
            .ShouldBe(decimal.Parse(expected, CultureInfo.InvariantCulture));

    [Fact]
    public void A_decimal_and_its_units_are_the_same_number()
    {
        Gen<(decimal, int)> cases = from value in Amounts.Any from more in Gen.Choose(0, 28) select (value, more);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1_000),
            Prop.ForAll(
                Arb.From(cases),
                c =>
                {
                    (decimal value, int more) = c;
                    int scale = Math.Min(28, value.Scale + more);
                    BigInteger units = FixedPoint.ToBigUnits(value, scale);
                    return FixedPoint.ToDecimal(units, scale) == value
                        && units * BigInteger.Pow(10, 28 - scale) == Amounts.Exact(value)
                        && AgreesIfItFits(value, scale, units);
                }
            )
        );
    }

    [Fact]
    public void No_decimal_is_nearer_than_the_one_given()
    {
        Gen<(BigInteger, int)> cases =
            from factors in Amounts.Any.ArrayOf()
            from scale in Gen.Choose(0, 28)
            select (factors.Aggregate(BigInteger.Zero, (sum, f) => (sum * 7) + Amounts.Exact(f)), scale);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1_000),
            Prop.ForAll(
                Arb.From(cases),
                c => Amounts.IsNearest(FixedPoint.ToDecimal(c.Item1, c.Item2), c.Item1, c.Item2)
            )
        );
    }

    private static bool AgreesIfItFits(decimal value, int scale, BigInteger units)
    {
        try
        {
            return (BigInteger)FixedPoint.ToUnits(value, scale) == units;
        }
        catch (OverflowException)
        {
            return BigInteger.Abs(units) > (BigInteger)Int128.MaxValue;
        }
    }
}
