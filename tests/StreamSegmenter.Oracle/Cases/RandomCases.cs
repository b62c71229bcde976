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
    public static RandomCase Create(int seed, CaseLevel level, CaseScale scale = CaseScale.Days) =>
        Create(
            seed,
            level,
            scale,
            (random, durations, zone, longest) => new RandomStream(random, durations, zone, longest).Create()
        );

    /// <summary>The same rules over many such streams at once, each of customers of its own.</summary>
    public static RandomCase CreateCrowd(int seed, CaseLevel level, CaseScale scale, int streams) =>
        Create(
            seed,
            level,
            scale,
            (random, durations, zone, longest) =>
            {
                var start = new RandomStream(random, durations, zone, longest).Start;
                var each = Enumerable
                    .Range(0, streams)
                    .Select(stream =>
                        new RandomStream(random, durations, zone, longest)
                        {
                            Start = start + random.NextInt64(durations.Longest),
                            Customers = string.Create(CultureInfo.InvariantCulture, $"c{stream}-"),
                        }.CreateTimed()
                    )
                    .ToArray();
                var lines = each.SelectMany(stream => stream.Lines).OrderBy(line => line.At).Select(line => line.Line);
                return ([.. lines], each.Max(stream => stream.End));
            }
        );

    private static RandomCase Create(
        int seed,
        CaseLevel level,
        CaseScale scale,
        Func<Random, CaseDurations, TimeZoneInfo, long, (IReadOnlyList<string> Lines, long End)> createStream
    )
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
        var stream = createStream(
            random,
            durations,
            TimeZoneInfo.FindSystemTimeZoneById(zone),
            hasSequence ? horizon : long.MaxValue
        );
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
