using System.Globalization;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Node.Api;

/// <summary>Times in requests: ISO 8601, in UTC unless they say otherwise.</summary>
internal static class RequestTime
{
    public const string Example = "2026-03-01T09:30:00Z";

    private const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Null when the text is no time.</summary>
    public static Timestamp? Read(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out DateTimeOffset time)
            ? Timestamp.From(time)
            : null;
}
