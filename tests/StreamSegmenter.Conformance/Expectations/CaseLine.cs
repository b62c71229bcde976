using System.Text;
using System.Text.Json;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Conformance.Expectations;

/// <summary>A line of a random case as the ingest would pass it on: what has no time at all is no event.</summary>
public sealed record CaseLine(string Json, DateTimeOffset? Time, string Customer)
{
    // An event that names nobody belongs to somebody's partition nevertheless.
    private const string Somebody = "c1";

    public NewRecord Record => new(new(Customer), Encoding.UTF8.GetBytes(Json));

    public static CaseLine Read(string line)
    {
        try
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            string customer = Text(json, "userId") ?? Text(json, "anonymousId") ?? Somebody;
            string? time = Text(json, "receivedAt") ?? Text(json, "timestamp");
            return time is null
                ? new("[]", null, Somebody)
                : new(line, DateTimeOffset.TryParse(time, out DateTimeOffset at) ? at : null, customer);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(line, null, Somebody);
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
