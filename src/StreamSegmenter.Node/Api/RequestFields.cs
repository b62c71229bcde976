using System.Text.Json;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Node.Api;

/// <summary>
/// The members of a request's JSON object, each asked for once. The first thing found wrong is kept and said.
/// </summary>
internal sealed class RequestFields
{
    private readonly Dictionary<string, JsonElement> _fields;

    private RequestFields(Dictionary<string, JsonElement> fields) => _fields = fields;

    /// <summary>What is wrong; null so far. Look once all members have been asked for.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the body, whose length the server limits.</summary>
    public static async Task<RequestFields> ReadAsync(HttpContext http)
    {
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(
                http.Request.Body,
                cancellationToken: http.RequestAborted
            );
            if (body.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new(
                    body.RootElement.EnumerateObject()
                        .DistinctBy(static member => member.Name, StringComparer.Ordinal)
                        .ToDictionary(
                            static member => member.Name,
                            static member => member.Value.Clone(),
                            StringComparer.Ordinal
                        )
                );
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Answered below, like any other body that is no object.
        }

        return new([]) { Error = "the body must be a JSON object" };
    }

    /// <summary>A text that is not empty; null without one.</summary>
    public string? Text(string name, bool isNeeded = false)
    {
        bool isThere = _fields.Remove(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
        if (isThere && TextOf(value) is { Length: > 0 } text)
        {
            return text;
        }

        if (isThere || isNeeded)
        {
            Error ??= $"\"{name}\" must be a text that is not empty";
        }

        return null;
    }

    /// <summary>True, false, or null, which has to be said.</summary>
    public bool? Answer(string name)
    {
        bool isThere = _fields.Remove(name, out JsonElement value);
        if (!isThere || value.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
        {
            Error ??= $"\"{name}\" must be true, false or null";
            return null;
        }

        return value.ValueKind == JsonValueKind.Null ? null : value.GetBoolean();
    }

    /// <summary>A time in ISO 8601, in UTC unless it says otherwise; null without one.</summary>
    public Timestamp? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        Timestamp? time = RequestTime.Read(text);
        if (time is null)
        {
            Error ??= $"\"{name}\" must be a time such as {RequestTime.Example}";
        }

        return time;
    }

    /// <summary>Refuses members that nobody asked for.</summary>
    public void End()
    {
        foreach (string name in _fields.Keys)
        {
            Error ??= $"\"{name}\" is not known here";
        }
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }
}
