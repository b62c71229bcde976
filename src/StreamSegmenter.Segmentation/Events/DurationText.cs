using System.Globalization;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>Writes durations for people.</summary>
public static class DurationText
{
    /// <summary>The shortest exact form, as a configuration has it: <c>500ms</c>, <c>90s</c>, <c>7d</c>.</summary>
    public static string ToText(this TimeSpan duration)
    {
        ReadOnlySpan<(long Ticks, string Unit)> units =
        [
            (TimeSpan.TicksPerDay, "d"),
            (TimeSpan.TicksPerHour, "h"),
            (TimeSpan.TicksPerMinute, "m"),
            (TimeSpan.TicksPerSecond, "s"),
            (TimeSpan.TicksPerMillisecond, "ms"),
            (TimeSpan.TicksPerMicrosecond, "us"),
        ];
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        foreach ((long ticks, string unit) in units)
        {
            if (duration.Ticks % ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{unit}");
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(decimal)duration.Ticks * TimeSpan.NanosecondsPerTick}ns"
        );
    }
}
