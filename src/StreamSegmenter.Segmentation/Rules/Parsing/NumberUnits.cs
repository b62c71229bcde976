namespace StreamSegmenter.Segmentation.Rules.Parsing;

/// <summary>
/// What may follow a number: <c>k</c>, <c>M</c>, or a unit of time. A unit of time is exact: a day is 24 hours.
/// </summary>
internal static class NumberUnits
{
    /// <summary>A hundred years, the longest duration that a rule may name.</summary>
    public const decimal LongestMilliseconds = 100m * 366 * 86_400_000;

    private static readonly Dictionary<string, decimal> Durations = new(StringComparer.Ordinal)
    {
        ["ms"] = 1,
        ["s"] = 1_000,
        ["m"] = 60_000,
        ["h"] = 3_600_000,
        ["d"] = 86_400_000,
        ["w"] = 604_800_000,
    };

    private static readonly Dictionary<string, string> Spelled = new(StringComparer.OrdinalIgnoreCase)
    {
        ["millisecond"] = "ms",
        ["sec"] = "s",
        ["second"] = "s",
        ["min"] = "m",
        ["minute"] = "m",
        ["hr"] = "h",
        ["hour"] = "h",
        ["day"] = "d",
        ["week"] = "w",
    };

    /// <summary>For somebody who wrote a unit of time as people say it; null for any other word.</summary>
    public static string? HintForWord(string word) =>
        Spelled.TryGetValue(word.TrimEnd('s', 'S'), out string? unit)
            ? $" Write {unit}, without a blank, as in 30{unit}."
            : null;

    public static bool IsDuration(string unit) => Durations.ContainsKey(unit);

    /// <summary>What is longer than a rule may name stays longer, but does not overflow.</summary>
    public static decimal Milliseconds(decimal amount, string unit, SourcePlace place) =>
        Durations.TryGetValue(unit, out decimal milliseconds)
            ? Math.Min(amount, LongestMilliseconds + 1) * milliseconds
            : throw Unknown(unit, place);

    public static decimal Scale(string unit, SourcePlace place) =>
        unit switch
        {
            "" => 1,
            "k" => 1_000,
            "M" => 1_000_000,
            _ => throw Unknown(unit, place),
        };

    private static RuleException Unknown(string unit, SourcePlace place) =>
        new(
            place,
            (unit.Length == 0 ? "this part of a duration has no unit." : $"'{unit}' is not a unit.")
                + " Expected ms, s, m, h, d or w for a duration, k or M for a number."
                + (HintForWord(unit) ?? NearMiss.Hint(unit, Durations.Keys.Concat(["k", "M"])))
        );
}
