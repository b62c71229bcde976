using System.Globalization;
using System.Text.Json.Nodes;

namespace StreamSegmenter.Node.Demo;

/// <summary>An event of the demonstration.</summary>
/// <param name="At">When it happened, to the millisecond.</param>
internal sealed record DemoEvent(DateTimeOffset At, string MessageId, string Json);

/// <summary>
/// The bundled events: real behaviour of a shop's customers, and a few invented big ones. Moved in time as one; what
/// lies between two of them stays.
/// </summary>
internal static class DemoEvents
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] Resources = ["flagship.ndjson", "shop.ndjson"];

    /// <summary>All of them in the order in which they happened, the last of them at <paramref name="end"/>.</summary>
    public static IReadOnlyList<DemoEvent> EndingAt(DateTimeOffset end)
    {
        List<JsonObject> events = [.. Resources.SelectMany(Read).OrderBy(TimeOf)];
        TimeSpan shift = end - TimeOf(events[^1]);
        return events.ConvertAll(@event => Moved(@event, shift));
    }

    private static DemoEvent Moved(JsonObject @event, TimeSpan shift)
    {
        DateTimeOffset at = TimeOf(@event) + shift;
        @event["timestamp"] = at.ToString(TimeFormat, CultureInfo.InvariantCulture);
        return new(at, (string)@event["messageId"]!, @event.ToJsonString());
    }

    private static IEnumerable<JsonObject> Read(string resource)
    {
        using Stream stream =
            typeof(DemoEvents).Assembly.GetManifestResourceStream($"StreamSegmenter.Node.Demo.{resource}")
            ?? throw new InvalidOperationException($"The program was built without {resource}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return JsonNode.Parse(line)!.AsObject();
            }
        }
    }

    private static DateTimeOffset TimeOf(JsonObject @event) =>
        DateTimeOffset.Parse(
            (string)@event["timestamp"]!,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );
}
