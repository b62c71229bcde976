using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Explaining;

/// <summary>Values as people would write them in a rule.</summary>
internal static class ValueText
{
    private static readonly (string Unit, long Milliseconds)[] Units =
    [
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
    ];

    public static string Of(in RuleValue value) =>
        value.Kind == RuleValueKind.Duration ? Duration(value.Amount) : value.ToString();

    /// <summary>E.g. <c>1d12h30m</c>.</summary>
    public static string Duration(decimal milliseconds)
    {
        var text = new StringBuilder(milliseconds < 0 ? "-" : "");
        decimal rest = Math.Abs(milliseconds);
        foreach ((string unit, long length) in Units)
        {
            decimal count = decimal.Floor(rest / length);
            rest -= count * length;
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }

        return rest > 0 || milliseconds == 0
            ? text.Append(CultureInfo.InvariantCulture, $"{rest}ms").ToString()
            : text.ToString();
    }
}
