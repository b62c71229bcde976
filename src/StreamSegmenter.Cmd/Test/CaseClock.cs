using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Test;

/// <summary>
/// Reads and writes the times of a case: durations after its start, such as <c>30d</c> and <c>30d-1ms</c>, or instants
/// in ISO 8601.
/// </summary>
internal sealed class CaseClock(Timestamp start)
{
    public const string Example = "30d, 1d12h, 30d-1ms or \"2024-01-31T12:00:00Z\"";

    // A thousand years: no sum of parts overflows.
    private const long Longest = 1_000L * 366 * 86_400_000;

    // The longest first, and ms before m.
    private static readonly (string Name, long Milliseconds)[] Units =
    [
        ("w", 604_800_000),
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("ms", 1),
        ("m", 60_000),
        ("s", 1_000),
    ];

    public Timestamp Start => start;

    public bool TryRead(string text, out Timestamp instant)
    {
        if (Iso8601.TryParse(Encoding.UTF8.GetBytes(text), out instant))
        {
            return true;
        }

        bool isDuration = TryReadDuration(text, out long milliseconds);
        instant = start.Plus(milliseconds);
        return isDuration;
    }

    public static bool TryReadDuration(string text, out long milliseconds)
    {
        milliseconds = 0;
        int at = 0;
        while (at < text.Length && TryReadPart(text, ref at, out long part))
        {
            milliseconds += part;
        }

        return text.Length > 0 && at == text.Length && Math.Abs(milliseconds) <= Longest;
    }

    /// <summary><c>31d       2024-02-01T00:00:00.000Z</c></summary>
    public string Write(Timestamp instant) =>
        string.Create(CultureInfo.InvariantCulture, $"{WriteShort(instant), -12} {instant}");

    /// <summary><c>31d</c>, or <c>-5m</c> before the start.</summary>
    public string WriteShort(Timestamp instant)
    {
        long rest = instant.Milliseconds - start.Milliseconds;
        var text = new StringBuilder(rest < 0 ? "-" : "");
        rest = Math.Abs(rest);
        foreach (var (name, milliseconds) in Units.Skip(1).OrderByDescending(static unit => unit.Milliseconds))
        {
            if (rest / milliseconds > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / milliseconds}{name}");
                rest %= milliseconds;
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static bool TryReadPart(string text, ref int at, out long milliseconds)
    {
        int sign = text[at] == '-' ? -1 : 1;
        int digits = text[at] is '-' or '+' ? at + 1 : at;
        int end = digits;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        string unit = Array.Find(Units, unit => text.AsSpan(end).StartsWith(unit.Name)).Name ?? "";
        milliseconds = 0;
        if (unit.Length == 0 || !int.TryParse(text.AsSpan(digits, end - digits), out int count))
        {
            return false;
        }

        milliseconds = sign * count * Array.Find(Units, u => u.Name == unit).Milliseconds;
        at = end + unit.Length;
        return Math.Abs(milliseconds) <= Longest;
    }
}
