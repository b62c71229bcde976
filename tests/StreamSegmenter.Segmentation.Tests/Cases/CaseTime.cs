using System.Globalization;
using System.Text;

namespace StreamSegmenter.Segmentation.Tests.Cases;

/// <summary>
/// Instants of the cases: durations after <see cref="Base"/>, such as <c>30d-1ms</c>, or in full,
/// <c>2024-03-31T01:00Z</c>.
/// </summary>
internal static class CaseTime
{
    private static readonly (string Name, long Milliseconds)[] Units =
    [
        ("ms", 1),
        ("w", 604_800_000),
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
    ];

    /// <summary>A Monday and the first of a month and a year, at midnight UTC.</summary>
    public static DateTimeOffset Base { get; } = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static bool IsInFull(string text) => text.Contains('T', StringComparison.Ordinal);

    public static DateTimeOffset Parse(string text) =>
        IsInFull(text) ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : Base + Duration(text);

    public static TimeSpan Duration(string text)
    {
        long milliseconds = 0;
        int at = 0;
        while (at < text.Length)
        {
            int sign = text[at] == '-' ? -1 : 1;
            at += text[at] is '-' or '+' ? 1 : 0;
            int digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            (string unit, long length) = Units.First(u => text.AsSpan(at).StartsWith(u.Name));
            milliseconds += sign * length * long.Parse(text.AsSpan(digits, at - digits), CultureInfo.InvariantCulture);
            at += unit.Length;
        }

        return TimeSpan.FromMilliseconds(milliseconds);
    }

    /// <summary>The shortest form of an instant, in full or as a duration.</summary>
    public static string Format(DateTimeOffset instant, bool inFull)
    {
        if (inFull)
        {
            return Iso(instant);
        }

        var text = new StringBuilder();
        var rest = (long)(instant - Base).TotalMilliseconds;
        foreach ((string name, long length) in Units.Skip(2).Append(Units[0]))
        {
            if (rest / length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / length}{name}");
                rest %= length;
            }
        }

        return text.Length > 0 ? text.ToString() : "0s";
    }

    public static string Iso(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
