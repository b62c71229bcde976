using System.Collections.Frozen;

namespace StreamSegmenter.Hocon.Units;

/// <summary>
/// Durations in HOCON's form: <c>500ms</c>, <c>1.5 hours</c>, <c>7d</c>. A bare number counts milliseconds.
/// Weeks are an addition to HOCON's units.
/// </summary>
public static class HoconDuration
{
    private static readonly FrozenDictionary<string, decimal> TicksByUnit = Units(
        (1m / TimeSpan.NanosecondsPerTick, "ns nano nanos nanosecond nanoseconds"),
        (TimeSpan.TicksPerMicrosecond, "us micro micros microsecond microseconds"),
        (TimeSpan.TicksPerMillisecond, "ms milli millis millisecond milliseconds"),
        (TimeSpan.TicksPerSecond, "s second seconds"),
        (TimeSpan.TicksPerMinute, "m minute minutes"),
        (TimeSpan.TicksPerHour, "h hour hours"),
        (TimeSpan.TicksPerDay, "d day days"),
        (7 * TimeSpan.TicksPerDay, "w week weeks")
    );

    /// <summary>
    /// Reads a duration, rounded to 100 ns. False when the text is not one, when it does not fit a
    /// <see cref="TimeSpan"/>, and when it is not zero but would round to it.
    /// </summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (
            text is null
            || !Quantity.TryParse(text, out var number, out var unit)
            || !TicksByUnit.TryGetValue(unit.Length == 0 ? "ms" : unit, out var ticksPerUnit)
            || Math.Abs(number) > long.MaxValue / Math.Max(ticksPerUnit, 1m)
        )
        {
            return false;
        }
        duration = TimeSpan.FromTicks((long)decimal.Round(number * ticksPerUnit));
        return duration != TimeSpan.Zero || number == 0;
    }

    private static FrozenDictionary<string, decimal> Units(params ReadOnlySpan<(decimal Ticks, string Names)> units)
    {
        var ticksByUnit = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (ticks, names) in units)
        {
            foreach (var name in names.Split(' '))
            {
                ticksByUnit.Add(name, ticks);
            }
        }
        return ticksByUnit.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
