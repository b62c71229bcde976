using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace StreamSegmenter.Hocon.Options;

/// <summary>Words what validation attributes find.</summary>
internal static class OptionsRules
{
    /// <summary>What the rules of a property say against its value.</summary>
    /// <param name="member">The property.</param>
    /// <param name="value">Its value.</param>
    /// <param name="shown">The value as it was written; null for a collection or an object.</param>
    public static IEnumerable<(string Problem, string Cure)> Violations(
        OptionsMember member,
        object value,
        string? shown
    )
    {
        foreach (var rule in member.Rules.Where(rule => !rule.IsValid(value)))
        {
            yield return rule switch
            {
                RangeAttribute range => OutOfRange(shown, range.Minimum, range.Maximum),
                DurationRangeAttribute range => OutOfRange(shown, range.Minimum, range.Maximum),
                SizeRangeAttribute range => OutOfRange(shown, range.Minimum, range.Maximum),
                RequiredAttribute => ("is empty", "write a value"),
                MinLengthAttribute least when value is ICollection => (
                    "has too few entries",
                    $"write at least {least.Length}"
                ),
                MaxLengthAttribute most when value is ICollection => (
                    "has too many entries",
                    $"write at most {most.Length}"
                ),
                _ => (rule.FormatErrorMessage(member.Key), "correct the value"),
            };
        }
    }

    private static (string Problem, string Cure) OutOfRange(string? shown, object minimum, object maximum) =>
        ($"out of range: {shown}", FormattableString.Invariant($"write a value from {minimum} to {maximum}"));
}
