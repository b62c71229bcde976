using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class JsonNumberTests
{
    private static readonly BigInteger MaxCoefficient = (BigInteger.One << 96) - 1;

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("1e2", "100")]
    [InlineData("1E+2", "100")]
    [InlineData("1.50", "1.5")]
    [InlineData("150e-2", "1.5")]
    [InlineData("-19.990", "-19.99")]
    [InlineData("9223372036854775808", "9223372036854775808")]
    [InlineData("9999999999999999999", "9999999999999999999")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("79228162514264337593543950335.4", "79228162514264337593543950335")]
    [InlineData("1e28", "10000000000000000000000000000")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("0.00000000000000000000000000005", "0")]
    [InlineData("0.00000000000000000000000000015", "0.0000000000000000000000000002")]
    [InlineData("0.00000000000000000000000000025", "0.0000000000000000000000000002")]
    [InlineData("0.000000000000000000000000000250000000001", "0.0000000000000000000000000003")]
    [InlineData("1.00000000000000000000000000005", "1")]
    [InlineData("1e-400", "0")]
    [InlineData("1e-99999999999999999999", "0")]
    [InlineData("0e99999999999999999999", "0")]
    public void A_number_is_the_nearest_decimal_without_trailing_zeros(string text, string expected)
    {
        decimal value = Json.Parse(text).Number();

        value.ToString(CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Theory]
    [InlineData("79228162514264337593543950335.5")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("-8e28")]
    [InlineData("1e29")]
    [InlineData("1e308")]
    [InlineData("1e99999999999999999999")]
    [InlineData("100000000000000000000000000000000000000000000000000")]
    public void A_number_beyond_decimal_is_refused_with_the_cure(string text)
    {
        JsonFault fault = Json.Refuse($"[{text}]");

        fault.Reason.ShouldBe(JsonFaultReason.NumberOutOfRange);
        fault.Message.ShouldContain("send it as a string");
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(9_999)]
    public void Zeros_and_exponent_cancel_however_many_they_are(int zeros)
    {
        Json.Parse($"0.{new string('0', zeros)}25e{zeros + 1}").Number().ShouldBe(2.5m);
        Json.Parse($"25{new string('0', zeros)}e-{zeros + 1}").Number().ShouldBe(2.5m);
    }

    [Fact]
    public void Only_numbers_are_numbers()
    {
        Json.Parse("\"12\"").TryGetDecimal(out _).ShouldBeFalse();
        Json.Parse("true").TryGetDecimal(out _).ShouldBeFalse();
    }

    [Fact]
    public void Numbers_agree_with_exact_arithmetic()
    {
        Gen<string> digits = Gen.Choose(0, 9).Select(digit => (char)('0' + digit)).ArrayOf().Select(c => new string(c));
        Gen<string> texts =
            from sign in Gen.Elements("", "-")
            from length in Gen.Choose(0, 35)
            from whole in digits.Resize(length)
            from fraction in Gen.OneOf(digits.Resize(5), digits.Resize(40))
            from tail in Gen.Elements("", "5", "50", "500000000000000000001")
            from exponent in Gen.OneOf(Gen.Constant(0), Gen.Choose(-45, 30))
            select Write(sign, whole, fraction + tail, exponent);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5_000),
            Prop.ForAll(
                Arb.From(texts),
                text =>
                {
                    decimal? expected = Exact(text);
                    var tape = new JsonTape(EventLimits.Default);
                    bool fits = tape.TryParse(Json.Utf8(text), out _);
                    decimal actual = fits ? tape.Root.Number() : 0m;
                    return fits == expected.HasValue
                        && decimal.GetBits(actual).SequenceEqual(decimal.GetBits(expected ?? 0m));
                }
            )
        );
    }

    private static string Write(string sign, string whole, string fraction, int exponent)
    {
        string integer = whole.TrimStart('0');
        return sign
            + (integer.Length == 0 ? "0" : integer)
            + (fraction.Length == 0 ? "" : "." + fraction)
            + (exponent == 0 ? "" : "e" + exponent.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The decimal of most digits nearest to the number, ties to even; null if there is none.</summary>
    private static decimal? Exact(string text)
    {
        string[] parts = text.TrimStart('-').Split('e');
        string[] digits = parts[0].Split('.');
        string fraction = digits.Length > 1 ? digits[1] : "";
        var coefficient = BigInteger.Parse(digits[0] + fraction, CultureInfo.InvariantCulture);
        int exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - fraction.Length;
        for (int scale = 28; scale >= 0; scale--)
        {
            BigInteger rounded = Shift(coefficient, exponent + scale);
            if (rounded <= MaxCoefficient)
            {
                while (scale > 0 && rounded % 10 == 0)
                {
                    rounded /= 10;
                    scale--;
                }

                var bits = (UInt128)rounded;
                bool isNegative = text[0] == '-' && !rounded.IsZero;
                return new((int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), isNegative, (byte)scale);
            }
        }

        return null;
    }

    /// <summary>coefficient * 10^power, rounded half to even.</summary>
    private static BigInteger Shift(BigInteger coefficient, int power)
    {
        if (power >= 0)
        {
            return coefficient * BigInteger.Pow(10, power);
        }

        var divisor = BigInteger.Pow(10, -power);
        var quotient = BigInteger.DivRem(coefficient, divisor, out BigInteger remainder);
        int half = (remainder * 2).CompareTo(divisor);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
