using System.Text.Json;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Events;

/// <summary>An event as its sender wrote it, found to be valid. Times are milliseconds since 1970 UTC.</summary>
internal sealed record DecodedEvent(
    string Customer,
    string? MessageId,
    string Name,
    Fields Payload,
    Fields Envelope,
    long EventTime,
    long? ReceivedAt
)
{
    private static readonly HashSet<string> NamedByType = new(StringComparer.Ordinal)
    {
        "page",
        "screen",
        "identify",
        "group",
        "alias",
    };

    /// <summary>Reads one event.</summary>
    /// <exception cref="InvalidEventException">The text is no valid event.</exception>
    public static DecodedEvent Decode(string json)
    {
        var envelope = Parse(json);
        foreach (var part in (ReadOnlySpan<string>)["properties", "traits", "context", "integrations"])
        {
            if (envelope[part] is not (null or Fields))
            {
                throw new InvalidEventException($"{part} is not an object");
            }
        }

        var name = NameOf(envelope);
        var userId = OptionalText(envelope, "userId");
        var anonymousId = OptionalText(envelope, "anonymousId");
        var customer =
            userId ?? anonymousId ?? throw new InvalidEventException("neither userId nor anonymousId says who it is");
        var payload = envelope["type"] is Text { Content: "identify" or "group" } ? "traits" : "properties";
        return new(
            customer,
            OptionalText(envelope, "messageId"),
            name,
            envelope[payload] as Fields ?? Fields.None,
            envelope,
            EventTimeOf(envelope),
            OptionalTime(envelope, "receivedAt")
        );
    }

    private static Fields Parse(string json)
    {
        try
        {
            return JsonValues.Parse(json) as Fields ?? throw new InvalidEventException("not a JSON object");
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or InvalidOperationException or OverflowException)
        {
            throw new InvalidEventException($"not JSON: {unreadable.Message}");
        }
    }

    private static string NameOf(Fields envelope)
    {
        if (envelope["type"] is not Text { Content: var type })
        {
            throw new InvalidEventException("type is missing or not a string");
        }

        if (type == "track")
        {
            return OptionalText(envelope, "event") ?? throw new InvalidEventException("a track without event");
        }

        return NamedByType.Contains(type) ? type : throw new InvalidEventException($"unknown type {type}");
    }

    private static long EventTimeOf(Fields envelope)
    {
        var timestamp = OptionalTime(envelope, "timestamp");
        var original = OptionalTime(envelope, "originalTimestamp");
        var sent = OptionalTime(envelope, "sentAt");
        var received = OptionalTime(envelope, "receivedAt");
        return timestamp
            ?? received - (sent - original)
            ?? received
            ?? throw new InvalidEventException("neither timestamp nor receivedAt says when it was");
    }

    private static string? OptionalText(Fields envelope, string field) =>
        envelope[field] switch
        {
            null => null,
            Text { Content: "" } => null,
            Text text => text.Content,
            _ => throw new InvalidEventException($"{field} is not a string"),
        };

    private static long? OptionalTime(Fields envelope, string field) =>
        envelope[field] switch
        {
            null => null,
            Text text => IsoTime.Parse(text.Content)
                ?? throw new InvalidEventException($"{field} is not an ISO 8601 time"),
            _ => throw new InvalidEventException($"{field} is not a string"),
        };
}

/// <summary>The reason for which a line goes to the dead letters.</summary>
internal sealed class InvalidEventException(string reason) : Exception(reason);
