using System.Globalization;
using System.Text;

namespace StreamSegmenter.Oracle.Cases;

/// <summary>How much of the language a random case uses.</summary>
public enum CaseLevel
{
    /// <summary>
    /// count, sum, avg, min, max, distinct, exists, since; where; sliding windows with offset, after last/first;
    /// traits; in(); and, or, not; comparisons, arithmetic, lists. Time zone UTC.
    /// </summary>
    Basic,

    /// <summary>Everything.</summary>
    Full,
}

/// <summary>How long a random case's windows are, and how far apart its events.</summary>
public enum CaseScale
{
    /// <summary>Hours to months.</summary>
    Days,

    /// <summary>Seconds to some minutes.</summary>
    Minutes,

    /// <summary>Up to some dozens of milliseconds: for evaluation at every millisecond.</summary>
    Milliseconds,
}

/// <summary>A set of rules and a stream of events, the same for the same seed, level and scale.</summary>
public sealed record RandomCase(
    int Seed,
    IReadOnlyList<OracleSegment> Segments,
    IReadOnlyList<string> Lines,
    DateTimeOffset Until,
    string TimeZone,
    TimeSpan DedupeHorizon
)
{
    public OracleConfig Config =>
        new(Segments) { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone), DedupeHorizon = DedupeHorizon };

    /// <summary>All that is needed to look into the case by hand.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"seed {Seed}, zone {TimeZone}, dedupe horizon {DedupeHorizon}, until {Until:O}"
        );
        foreach (var segment in Segments)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{segment.Name}: {segment.Rule}");
        }

        return text.AppendJoin('\n', Lines).ToString();
    }
}
