using System.Globalization;

namespace StreamSegmenter.Oracle.Tests.Support;

/// <summary>Events as NDJSON lines. Times are milliseconds after 1970 began; the customer is c.</summary>
internal static class Line
{
    /// <summary>A track; <paramref name="log"/> is its log time where that is later than its event time.</summary>
    public static string Track(long time, string name, string properties = "", long? log = null, string? id = null) =>
        Event("c", $"\"type\":\"track\",\"event\":\"{name}\",\"properties\":{{{properties}}}", time, log, id);

    public static string TrackBy(string customer, long time, string name, long? log = null, string? id = null) =>
        Event(customer, $"\"type\":\"track\",\"event\":\"{name}\"", time, log, id);

    public static string Page(long time, string properties = "", long? log = null) =>
        Event("c", $"\"type\":\"page\",\"properties\":{{{properties}}}", time, log, id: null);

    public static string Identify(long time, string traits, long? log = null, string? id = null) =>
        Event("c", $"\"type\":\"identify\",\"traits\":{{{traits}}}", time, log, id);

    public static string Of(string type, long time, string more = "") =>
        Event("c", $"\"type\":\"{type}\"{more}", time, log: null, id: null);

    public static string Iso(long time) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(time)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Event(string customer, string body, long time, long? log, string? id)
    {
        var messageId = id is null ? "" : $",\"messageId\":\"{id}\"";
        var times = $"\"timestamp\":\"{Iso(time)}\",\"receivedAt\":\"{Iso(log ?? time)}\"";
        return $"{{\"userId\":\"{customer}\",{body},{times}{messageId}}}";
    }
}
