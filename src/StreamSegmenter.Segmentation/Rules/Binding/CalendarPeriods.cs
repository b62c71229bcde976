using NodaTime;
using NodaTime.TimeZones;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Rules.Binding;

/// <summary>Where days, weeks (from Monday), months and years begin in one time zone.</summary>
internal sealed class CalendarPeriods(DateTimeZone zone)
{
    private const long Day = 86_400_000;

    private static readonly ZoneLocalMappingResolver s_firstOrNext = Resolvers.CreateMappingResolver(
        Resolvers.ReturnEarlier,
        Resolvers.ReturnStartOfIntervalAfter
    );

    /// <summary>No shorter than any such period, in any zone.</summary>
    public static long LongestMilliseconds(CalendarPeriod period) =>
        period switch
        {
            CalendarPeriod.Day => 2 * Day,
            CalendarPeriod.Week => 8 * Day,
            CalendarPeriod.Month => 32 * Day,
            _ => 367 * Day,
        };

    /// <summary>
    /// The first instant of the period that contains <paramref name="now"/>, and of the one after it.
    /// </summary>
    public (Timestamp Start, Timestamp Next) Around(Timestamp now, CalendarPeriod period)
    {
        LocalDate today = Local(now);
        LocalDate start = period switch
        {
            CalendarPeriod.Day => today,
            CalendarPeriod.Week => today.PlusDays(1 - (int)today.DayOfWeek),
            CalendarPeriod.Month => new(today.Year, today.Month, 1),
            _ => new(today.Year, 1, 1),
        };
        LocalDate next = period switch
        {
            CalendarPeriod.Day => start.PlusDays(1),
            CalendarPeriod.Week => start.PlusWeeks(1),
            CalendarPeriod.Month => start.PlusMonths(1),
            _ => start.PlusYears(1),
        };
        return (Begin(start), Begin(next));
    }

    /// <summary>A number that is the same for two instants exactly if they fall on the same calendar day.</summary>
    public int DayNumber(Timestamp instant) => Period.DaysBetween(Epoch, Local(instant));

    private static LocalDate Epoch => new(1970, 1, 1);

    private LocalDate Local(Timestamp instant) =>
        Instant.FromUnixTimeMilliseconds(instant.Milliseconds).InZone(zone).Date;

    // The first instant at or after midnight, where there is no midnight; some zones left out whole days.
    private Timestamp Begin(LocalDate date) =>
        new(date.AtMidnight().InZone(zone, s_firstOrNext).ToInstant().ToUnixTimeMilliseconds());
}
