using System.Globalization;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// JSON numbers as <see cref="decimal"/>: the nearest one, ties to even, when the number has more digits than a decimal
/// holds (28 always fit). Trailing zeros go, and so does the sign of zero, so that equal numbers have equal bits:
/// <c>1.50</c> = <c>1.5</c>, <c>1e2</c> = <c>100</c>, <c>-0</c> = <c>0</c>.
/// </summary>
internal static class JsonNumber
{
    /// <summary>A number this long has at most 28 digits, which always fit, unless it has an exponent.</summary>
    private const int AlwaysFitsLength = 28;

    /// <summary>Any 19 digits fit a 64-bit coefficient.</summary>
    private const int SmallLength = 19;

    private const NumberStyles Style =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Dividing by it drops trailing zeros: an exact quotient takes the smallest scale.</summary>
    private const decimal OneInFull = 1.0000000000000000000000000000m;

    /// <summary>Whether <paramref name="number"/>, a valid JSON number, is within the range of a decimal.</summary>
    public static bool Fits(ReadOnlySpan<byte> number) =>
        (number.Length <= AlwaysFitsLength && number.IndexOfAny((byte)'e', (byte)'E') < 0) || TryParse(number, out _);

    /// <summary>Reads <paramref name="number"/>, a valid JSON number; false if it is too large.</summary>
    public static bool TryParse(ReadOnlySpan<byte> number, out decimal value)
    {
        if (number.Length <= SmallLength && TryParseSmall(number, out value))
        {
            return true;
        }

        if (!decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        value = value == 0m ? 0m : value / OneInFull;
        return true;
    }

    private static bool TryParseSmall(ReadOnlySpan<byte> number, out decimal value)
    {
        bool negative = number[0] == (byte)'-';
        ulong coefficient = 0;
        int decimals = 0;
        int decimalsPerDigit = 0;
        foreach (byte symbol in negative ? number[1..] : number)
        {
            uint digit = symbol - (uint)'0';
            if (digit <= 9)
            {
                coefficient = (coefficient * 10) + digit;
                decimals += decimalsPerDigit;
            }
            else if (symbol == (byte)'.')
            {
                decimalsPerDigit = 1;
            }
            else
            {
                value = 0m;
                return false;
            }
        }

        while (decimals > 0 && coefficient % 10 == 0)
        {
            coefficient /= 10;
            decimals--;
        }

        int low = unchecked((int)coefficient);
        int middle = unchecked((int)(coefficient >> 32));
        value = new decimal(low, middle, 0, negative && coefficient != 0, (byte)decimals);
        return true;
    }
}
