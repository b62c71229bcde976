using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors;

/// <summary>A push's content, parsed. Holds pooled memory until it is disposed.</summary>
internal sealed class PushPayload : IDisposable
{
    private readonly JsonDocument _document;

    private PushPayload(JsonDocument document) => _document = document;

    public JsonElement Root => _document.RootElement;

    public static bool TryParse(
        Push push,
        [NotNullWhen(true)] out PushPayload? payload,
        [NotNullWhen(false)] out DeliveryResult? refusal
    )
    {
        payload = null;
        refusal = null;
        try
        {
            var document = JsonDocument.Parse(push.Content);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                payload = new PushPayload(document);
                return true;
            }

            document.Dispose();
            refusal = DeliveryResult.Unsendable("The push's content is not a JSON object.");
        }
        catch (JsonException exception)
        {
            refusal = DeliveryResult.Unsendable($"The push's content is not JSON: {exception.Message}");
        }

        return false;
    }

    /// <summary>
    /// The text at a path of keys such as <c>profile.email</c>; null where there is none, or an empty one.
    /// </summary>
    public string? Text(string path)
    {
        var element = Root;
        foreach (string key in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
            {
                return null;
            }
        }

        string? text = element.ValueKind switch
        {
            JsonValueKind.String => JsonText.Of(element),
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>The same with a member more, <c>{ key: value }</c>, in place of one of its name.</summary>
    public PushPayload With(string member, string key, string value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var own in Root.EnumerateObject().Where(own => own.Name != member))
            {
                own.WriteTo(json);
            }

            json.WriteStartObject(member);
            json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new(JsonDocument.Parse(bytes.WrittenMemory));
    }

    /// <summary>The value of a key of the segment's <c>on-enter</c> entry.</summary>
    public string? Option(string key) => Text($"{PushContent.Options}.{key}");

    public void Dispose() => _document.Dispose();
}
