using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamSegmenter.Oracle.Events;

/// <summary>ISO 8601 times, to milliseconds since 1970 UTC; finer digits are cut off.</summary>
internal static partial class IsoTime
{
    public static long? Parse(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success)
        {
            return null;
        }

        try
        {
            var local = new DateTime(
                Part("year"),
                Part("month"),
                Part("day"),
                Part("hour"),
                Part("minute"),
                Part("second"),
                DateTimeKind.Utc
            );
            var fraction = (match.Groups["fraction"].Value + "000")[..3];
            var offset = TimeSpan.FromMinutes((Part("zoneHour") * 60) + Part("zoneMinute"));
            var utc = match.Groups["sign"].Value == "-" ? local + offset : local - offset;
            return new DateTimeOffset(utc).ToUnixTimeMilliseconds() + int.Parse(fraction, CultureInfo.InvariantCulture);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }

        int Part(string name) =>
            match.Groups[name].Success ? int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(
        """
            \A (?<year>[0-9]{4}) - (?<month>[0-9]{2}) - (?<day>[0-9]{2})
            (?: [Tt\ ] (?<hour>[0-9]{2}) : (?<minute>[0-9]{2})
            (?: : (?<second>[0-9]{2}) (?: \. (?<fraction>[0-9]+) )? )?
                (?: [Zz] | (?<sign>[+-]) (?<zoneHour>[0-9]{2}) :? (?<zoneMinute>[0-9]{2})? )?
            )? \z
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Shape();
}
