using System.Globalization;
using System.Text.Json.Nodes;

namespace StreamSegmenter.Node.Demo;

/// <summary>
/// The bundled events, moved in time as one so that the last of them happens now; what lies between two of them stays.
/// </summary>
internal static class DemoEvents
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Real behaviour of many customers, in order of time.</summary>
    public static IReadOnlyList<string> Shop(DateTimeOffset now) => Shifted("shop.ndjson", now);

    /// <summary>One customer with a large contract and a bad month.</summary>
    public static IReadOnlyList<string> Flagship(DateTimeOffset now) => Shifted("flagship.ndjson", now);

    private static List<string> Shifted(string resource, DateTimeOffset now)
    {
        List<JsonObject> events = Read(resource);
        TimeSpan shift = now - events.Max(TimeOf);
        foreach (JsonObject @event in events)
        {
            @event["timestamp"] = (TimeOf(@event) + shift).ToString(TimeFormat, CultureInfo.InvariantCulture);
        }

        return events.ConvertAll(@event => @event.ToJsonString());
    }

    private static List<JsonObject> Read(string resource)
    {
        using Stream stream =
            typeof(DemoEvents).Assembly.GetManifestResourceStream($"StreamSegmenter.Node.Demo.{resource}")
            ?? throw new InvalidOperationException($"The program was built without {resource}.");
        using var reader = new StreamReader(stream);
        var events = new List<JsonObject>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                events.Add(JsonNode.Parse(line)!.AsObject());
            }
        }

        return events;
    }

    private static DateTimeOffset TimeOf(JsonObject @event) =>
        DateTimeOffset.Parse(
            (string)@event["timestamp"]!,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );
}
