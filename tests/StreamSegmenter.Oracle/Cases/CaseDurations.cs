using System.Globalization;

namespace StreamSegmenter.Oracle.Cases;

/// <summary>The few durations of one case: rules are written with them, and events keep these distances.</summary>
internal sealed class CaseDurations
{
    public const long Week = 7 * Day;

    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    private readonly long[] _milliseconds;

    private CaseDurations(CaseScale scale, long[] milliseconds)
    {
        Scale = scale;
        _milliseconds = milliseconds;
    }

    public CaseScale Scale { get; }

    public long Longest => _milliseconds.Max();

    public static CaseDurations Choose(Random random, CaseScale scale)
    {
        long[] pool = scale switch
        {
            CaseScale.Milliseconds => [1, 2, 3, 5, 8, 13, 20],
            CaseScale.Minutes => [1000, 2000, 5000, 15_000, 30_000, 60_000, 120_000, 300_000],
            _ => [60_000, Hour, 2 * Hour, 6 * Hour, Day, 2 * Day, Week, 10 * Day, 30 * Day],
        };
        return new(scale, [.. pool.OrderBy(_ => random.Next()).Take(random.Next(2, 5))]);
    }

    public long Any(Random random) => _milliseconds[random.Next(_milliseconds.Length)];

    /// <summary>Where something is likely to happen: after one or two durations, or a millisecond off.</summary>
    public long Edge(Random random)
    {
        var edge = Any(random) + (random.Next(4) == 0 ? Any(random) : 0);
        return Math.Max(0, edge + random.Next(-1, 2));
    }

    public static string Write(long milliseconds)
    {
        (long Unit, string Name)[] units =
        [
            (Week, "w"),
            (Day, "d"),
            (Hour, "h"),
            (60_000, "m"),
            (1000, "s"),
            (1, "ms"),
        ];
        var (unit, name) = units.First(u => milliseconds % u.Unit == 0);
        return (milliseconds / unit).ToString(CultureInfo.InvariantCulture) + name;
    }
}
