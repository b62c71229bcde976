using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>The content of a push that carries others of its customer and connector.</summary>
public static class PushDigest
{
    /// <summary>How many pushes one may carry, itself included.</summary>
    public const int MaxPushes = 100;

    /// <summary>How long the contents of the pushes that one carries may be together.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1000,
    };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 1000 };

    private static readonly string[] Parts =
    [
        PushContent.Segment,
        PushContent.Transition,
        PushContent.Event,
        PushContent.Options,
    ];

    /// <summary>
    /// The carrier's content with <see cref="PushContent.Digest"/> at its end: segment, transition, event and options
    /// of each push, the carrier's first, then the others' in the order given. What the carrier carried before stays in
    /// front of them. Equal arguments give equal bytes.
    /// </summary>
    /// <exception cref="JsonException">A content is not JSON.</exception>
    public static byte[] Write(ReadOnlyMemory<byte> carrier, IReadOnlyList<ReadOnlyMemory<byte>> others)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        using var content = JsonDocument.Parse(carrier, Reading);
        json.WriteStartObject();
        foreach (JsonProperty part in content.RootElement.EnumerateObject())
        {
            if (!part.NameEquals(PushContent.Digest))
            {
                part.WriteTo(json);
            }
        }

        json.WriteStartArray(PushContent.Digest);
        WriteItems(json, content.RootElement);
        foreach (ReadOnlyMemory<byte> other in others)
        {
            using var merged = JsonDocument.Parse(other, Reading);
            WriteItems(json, merged.RootElement);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteItems(Utf8JsonWriter json, JsonElement content)
    {
        if (
            content.TryGetProperty(PushContent.Digest, out JsonElement carried)
            && carried.ValueKind == JsonValueKind.Array
        )
        {
            foreach (JsonElement item in carried.EnumerateArray())
            {
                item.WriteTo(json);
            }

            return;
        }

        json.WriteStartObject();
        foreach (string name in Parts)
        {
            if (content.TryGetProperty(name, out JsonElement part))
            {
                json.WritePropertyName(name);
                part.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}
