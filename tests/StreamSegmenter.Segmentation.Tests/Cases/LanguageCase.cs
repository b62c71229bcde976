using StreamSegmenter.Oracle;

namespace StreamSegmenter.Segmentation.Tests.Cases;

/// <summary>
/// One line of <c>language.txt</c>: <c>name | rule | events | timeline</c>, or <c>name | rule | refused 1:5 words</c>.
/// The head of that file describes the parts.
/// </summary>
internal sealed record LanguageCase(string Name, OracleConfig Config, CaseEvents Events, string Expectation)
{
    private const string Refused = "refused ";

    /// <summary>The place and some words of the error; null when the rule must be accepted.</summary>
    public string? Refusal => Expectation.StartsWith(Refused, StringComparison.Ordinal) ? Expectation[8..] : null;

    public static IReadOnlyDictionary<string, LanguageCase> ReadAll() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases", "language.txt"))
            .Where(static line => line.Length > 0 && !line.StartsWith('#'))
            .Select(Parse)
            .ToDictionary(static @case => @case.Name, StringComparer.Ordinal);

    private static LanguageCase Parse(string line)
    {
        string[] parts = line.Split(" | ");
        (string name, string rules, string events, string expectation) = parts switch
        {
            [var n, var r, var e, var t] => (n, r, e, t),
            [var n, var r, var t] when t.StartsWith(Refused, StringComparison.Ordinal) => (n, r, "", t),
            _ => throw new FormatException($"This is not 'name | rule | events | timeline': {line}"),
        };
        CaseEvents read = CaseEvents.Parse(events);
        var config = new OracleConfig([.. rules.Split(" ;; ").Select(Segment)]);
        if (read.Zone is { } zone)
        {
            config = config with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone) };
        }

        if (read.DedupeHorizon is { } horizon)
        {
            config = config with { DedupeHorizon = horizon };
        }

        return new(name, config, read, expectation);
    }

    private static OracleSegment Segment(string text, int index)
    {
        string rule = text.Replace('⏎', '\n');
        if (index == 0)
        {
            return new("s", rule);
        }

        string[] named = rule.Split(" := ");
        return new(named[0], named[1]);
    }
}
