using NodaTime;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>A part of every day, by the clock on the wall: wherever it shows such a time, it is quiet.</summary>
internal sealed record QuietHours(TimeOnly From, TimeOnly To)
{
    /// <summary>The first instant after which it is not quiet; null when it is not quiet now.</summary>
    public Timestamp? EndAfter(Timestamp now, DateTimeZone zone)
    {
        Instant at = Instant.FromUnixTimeMilliseconds(now.Milliseconds);
        if (!Holds(TimeOfDay(at, zone)))
        {
            return null;
        }

        while (true)
        {
            // Between two changes of the zone's offset the wall's clock runs evenly.
            var interval = zone.GetZoneInterval(at);
            long left = To.Ticks - TimeOfDay(at, zone);
            Instant end = at.PlusTicks(left <= 0 ? left + TimeSpan.TicksPerDay : left);
            if (!interval.HasEnd || end < interval.End)
            {
                return RoundUp(end);
            }

            at = interval.End;
            if (!Holds(TimeOfDay(at, zone)))
            {
                return RoundUp(at);
            }
        }
    }

    private bool Holds(long timeOfDay) =>
        From <= To ? timeOfDay >= From.Ticks && timeOfDay < To.Ticks : timeOfDay >= From.Ticks || timeOfDay < To.Ticks;

    private static long TimeOfDay(Instant at, DateTimeZone zone) => at.InZone(zone).TimeOfDay.TickOfDay;

    // Offsets of the nineteenth century have odd seconds, not odd milliseconds; an instant between two counts as later.
    private static Timestamp RoundUp(Instant at)
    {
        long milliseconds = at.ToUnixTimeMilliseconds();
        return new(Instant.FromUnixTimeMilliseconds(milliseconds) < at ? milliseconds + 1 : milliseconds);
    }
}
