using System.Globalization;

namespace StreamSegmenter.Hocon.Units;

/// <summary>Reads HOCON's units format: a number, optional space, an optional unit made of letters.</summary>
internal static class Quantity
{
    public static bool TryParse(string text, out decimal number, out string unit)
    {
        var trimmed = text.Trim();
        var unitStart = trimmed.Length;
        while (unitStart > 0 && char.IsLetter(trimmed[unitStart - 1]))
        {
            unitStart--;
        }
        unit = trimmed[unitStart..];
        var digits = trimmed.AsSpan(0, unitStart).TrimEnd();
        return decimal.TryParse(
            digits,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out number
        );
    }
}
