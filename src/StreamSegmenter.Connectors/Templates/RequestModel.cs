using System.Buffers;
using System.Text.Json;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// What templates of requests see besides the push's content: <c>push.id</c>, the idempotency key, and the rendered
/// parts of the push's template as <c>message.subject</c>, <c>message.text</c>, <c>message.html</c>,
/// <c>message.chat</c>.
/// </summary>
internal static class RequestModel
{
    public const string Push = "push";
    public const string Message = "message";

    /// <summary>
    /// Seen by templates of mail alone, where the node makes links to unsubscribe: <c>unsubscribe.token</c>.
    /// </summary>
    public const string Unsubscribe = "unsubscribe";

    /// <summary>The content with those added, in pooled memory that is the caller's to dispose.</summary>
    public static JsonDocument Create(
        PushId id,
        JsonElement content,
        IEnumerable<(TemplatePart Part, string Text)> message
    )
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var member in content.EnumerateObject().Where(member => member.Name is not (Push or Message)))
            {
                member.WriteTo(json);
            }

            json.WriteStartObject(Push);
            json.WriteString("id", id.Value);
            json.WriteEndObject();
            json.WriteStartObject(Message);
            foreach (var (part, text) in message)
            {
                json.WriteString(part.ToString().ToLowerInvariant(), text);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return JsonDocument.Parse(bytes.WrittenMemory);
    }
}
