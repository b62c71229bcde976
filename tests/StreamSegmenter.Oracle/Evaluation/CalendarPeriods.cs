using StreamSegmenter.Oracle.Language;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>Calendar days and periods in one time zone.</summary>
internal sealed class CalendarPeriods(TimeZoneInfo zone)
{
    public DateOnly DateOf(long instant)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(instant);
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(utc, zone).DateTime);
    }

    /// <summary>The latest start of a period that is not after the instant.</summary>
    public long StartAt(Period period, long instant)
    {
        var date = FirstDate(period, DateOf(instant));
        while (FirstInstantOf(Following(period, date)) <= instant)
        {
            date = Following(period, date);
        }

        return FirstInstantOf(date);
    }

    /// <summary>The first start of a period that is after the instant.</summary>
    public long NextStartAfter(Period period, long instant)
    {
        var date = FirstDate(period, DateOf(instant));
        while (FirstInstantOf(date) <= instant)
        {
            date = Following(period, date);
        }

        return FirstInstantOf(date);
    }

    private static DateOnly FirstDate(Period period, DateOnly date) =>
        period switch
        {
            Period.Day => date,
            Period.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
            Period.Month => new(date.Year, date.Month, 1),
            _ => new(date.Year, 1, 1),
        };

    private static DateOnly Following(Period period, DateOnly first) =>
        period switch
        {
            Period.Day => first.AddDays(1),
            Period.Week => first.AddDays(7),
            Period.Month => first.AddMonths(1),
            _ => first.AddYears(1),
        };

    /// <summary>Midnight: the first where clocks go back over it, the next later time where they skip it.</summary>
    private long FirstInstantOf(DateOnly date)
    {
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(midnight)
            ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUnixTimeMilliseconds();
    }
}
