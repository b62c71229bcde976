using System.Globalization;
using System.Text.Json;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Node.Pushes;

/// <summary>Pushes as the API writes and reads them.</summary>
internal static class PushJson
{
    /// <param name="history">Null in lists, which leave the content out.</param>
    public static void Write(Utf8JsonWriter json, StoredPush push, IReadOnlyList<PushDecision>? history)
    {
        json.WriteStartObject();
        json.WriteString("id", push.Push.Id.Value);
        json.WriteString("state", push.State.Word());
        json.WriteString("connector", push.Push.Connector.Value);
        json.WriteString("customer", push.Push.Customer.Value);
        json.WriteString("segment", push.Segment);
        json.WriteNumber("attempts", push.Push.Attempts);
        json.WriteString("madeAt", push.MadeAt.ToString());
        json.WriteString("notBefore", push.NotBefore.ToString());
        json.WriteString("settledAt", push.SettledAt?.ToString());
        json.WriteString("reason", push.Reason);
        json.WriteString("grantedAt", push.GrantedAt?.ToString());
        json.WriteString("unknownAt", push.UnknownAt?.ToString());
        json.WriteString("mergedInto", push.MergedInto?.Value);
        if (history is not null)
        {
            WriteContent(json, push.Push.Content);
            WriteHistory(json, history);
        }

        json.WriteEndObject();
    }

    public static string Cursor(PushCursor place) =>
        place switch
        {
            PushCursor.Ended end => string.Create(CultureInfo.InvariantCulture, $"{end.At.Milliseconds}-{end.Id}"),
            PushCursor.Waiting waiting => string.Create(
                CultureInfo.InvariantCulture,
                $"{waiting.Place.Shard.Value}.{waiting.Place.Sequence}-{waiting.Connector}"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(place), place, "not a place"),
        };

    /// <summary>A place in a list of pushes in that state; null when the text is none.</summary>
    public static PushCursor? ReadCursor(string text, PushState state)
    {
        int end = text.IndexOf('-', 1);
        if (end < 0 || end == text.Length - 1)
        {
            return null;
        }

        (string place, string name) = (text[..end], text[(end + 1)..]);
        int dot = place.IndexOf('.', StringComparison.Ordinal);
        return state != PushState.Pending
            ? ReadNumber(place) is { } at
                ? new PushCursor.Ended(new(at), new(name))
                : null
            : dot >= 0
            && ReadNumber(place[..dot]) is { } shard and >= 0 and <= int.MaxValue
            && ReadNumber(place[(dot + 1)..]) is { } sequence
                ? new PushCursor.Waiting(new(name), new(new((int)shard), sequence))
                : null;
    }

    /// <summary>The new content that a body asks for, or what is wrong with it.</summary>
    /// <param name="body">Null when it is no JSON.</param>
    /// <param name="check">Null where any options will do.</param>
    public static (byte[]? Content, string? Mistake) ReadEdit(StoredPush push, JsonElement? body, PushEditCheck? check)
    {
        const string Expected =
            "the body must be { \"options\": { ... } }, or { \"content\": { ... } } with all that the push bears";
        if (push.Push.Content.IsEmpty)
        {
            return (null, "the content of the push has expired");
        }

        if (body is not { ValueKind: JsonValueKind.Object } o || o.EnumerateObject().Take(2).Count() != 1)
        {
            return (null, Expected);
        }

        if (o.TryGetProperty("options", out JsonElement options))
        {
            return options.ValueKind == JsonValueKind.Object
                ? Checked(push.Push, ContentEdit.WithOptions(push.Push.Content, options), check)
                : (null, "\"options\" must be a JSON object");
        }

        if (!o.TryGetProperty("content", out JsonElement content))
        {
            return (null, Expected);
        }

        return ContentEdit.Check(push.Push.Content, content) is { } mistake
            ? (null, mistake)
            : Checked(push.Push, JsonSerializer.SerializeToUtf8Bytes(content), check);
    }

    private static (byte[]? Content, string? Mistake) Checked(Push push, byte[] edited, PushEditCheck? check)
    {
        using var before = JsonDocument.Parse(push.Content);
        using var after = JsonDocument.Parse(edited);
        string? mistake = check?.Find(push.Connector, OptionsOf(before), OptionsOf(after));
        return mistake is null ? (edited, null) : (null, mistake);
    }

    private static JsonElement OptionsOf(JsonDocument content) =>
        content.RootElement.TryGetProperty(PushContent.Options, out JsonElement options) ? options : default;

    private static long? ReadNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    private static void WriteContent(Utf8JsonWriter json, ReadOnlyMemory<byte> content)
    {
        json.WritePropertyName("content");
        if (content.IsEmpty)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteRawValue(content.Span);
        }
    }

    private static void WriteHistory(Utf8JsonWriter json, IReadOnlyList<PushDecision> history)
    {
        json.WriteStartArray("decisions");
        foreach (PushDecision decision in history)
        {
            json.WriteStartObject();
            json.WriteString("at", decision.At.ToString());
            json.WriteString("verdict", decision.Verdict.Word());
            json.WriteString("reason", decision.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
