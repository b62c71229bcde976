using System.Globalization;

namespace StreamSegmenter.Oracle.Cases;

/// <summary>Random cases that lean towards trouble: edges of windows, equal times, late events, duplicates.</summary>
public static class RandomCases
{
    private static readonly string[] Zones =
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "America/Sao_Paulo",
    ];

    /// <summary>One to four rules over ten to forty events of one to three customers.</summary>
    public static RandomCase Create(int seed, CaseLevel level, CaseScale scale = CaseScale.Days)
    {
        var random = new Random(seed);
        var durations = CaseDurations.Choose(random, scale);
        var segments = new List<OracleSegment>();
        for (var rules = random.Next(1, 5); rules > 0; rules--)
        {
            var known = segments.ConvertAll(segment => segment.Name);
            var rule = new RandomRule(random, level, durations, known).Create();
            segments.Add(new(string.Create(CultureInfo.InvariantCulture, $"s{segments.Count + 1}"), rule));
        }

        var hasSequence = segments.Exists(segment => segment.Rule.Contains("sequence", StringComparison.Ordinal));
        var horizon = level == CaseLevel.Basic && random.Next(4) == 0 ? durations.Any(random) : CaseDurations.Week;
        var zone = level == CaseLevel.Full ? Zones[random.Next(Zones.Length)] : "UTC";
        var stream = new RandomStream(
            random,
            durations,
            TimeZoneInfo.FindSystemTimeZoneById(zone),
            hasSequence ? horizon : long.MaxValue
        ).Create();
        return new(
            seed,
            [.. segments.OrderBy(_ => random.Next())],
            stream.Lines,
            DateTimeOffset.FromUnixTimeMilliseconds(stream.End),
            zone,
            TimeSpan.FromMilliseconds(horizon)
        );
    }
}
