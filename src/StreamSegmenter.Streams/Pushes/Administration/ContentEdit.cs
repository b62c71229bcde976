using System.Buffers;
using System.Text.Json;

namespace StreamSegmenter.Streams.Pushes.Administration;

/// <summary>
/// Changes the content of a push by hand. What it is about stays: its shape, its customer, its transition and the name
/// of its segment.
/// </summary>
public static class ContentEdit
{
    private static readonly string[] s_fixed = [PushContent.Customer, PushContent.Transition, PushContent.Segment];

    /// <summary>The content with some options changed; the others stay.</summary>
    /// <param name="options">A JSON object: what it has is set, what is null there is removed.</param>
    public static byte[] WithOptions(ReadOnlyMemory<byte> content, JsonElement options)
    {
        ArrayBufferWriter<byte> edited = new(content.Length);
        using Utf8JsonWriter writer = new(edited);
        using var old = JsonDocument.Parse(content);
        writer.WriteStartObject();
        foreach (JsonProperty property in old.RootElement.EnumerateObject())
        {
            if (property.NameEquals(PushContent.Options))
            {
                writer.WritePropertyName(PushContent.Options);
                WriteMerged(writer, property.Value, options);
            }
            else
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return edited.WrittenSpan.ToArray();
    }

    /// <summary>What forbids the new content, naming the cure; null when nothing does.</summary>
    public static string? Check(ReadOnlyMemory<byte> old, JsonElement edited)
    {
        using var before = JsonDocument.Parse(old);
        if (edited.ValueKind != JsonValueKind.Object)
        {
            return "the content must be a JSON object";
        }

        foreach (JsonProperty property in edited.EnumerateObject())
        {
            if (!before.RootElement.TryGetProperty(property.Name, out _))
            {
                return $"\"{property.Name}\" is not part of the push: remove it";
            }
        }

        foreach (JsonProperty property in before.RootElement.EnumerateObject())
        {
            string? wrong = CheckPart(property, edited);
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return null;
    }

    private static void WriteMerged(Utf8JsonWriter writer, JsonElement old, JsonElement changes)
    {
        OrderedDictionary<string, JsonElement> merged = new(StringComparer.Ordinal);
        JsonElement[] layers = old.ValueKind == JsonValueKind.Object ? [old, changes] : [changes];
        foreach (JsonProperty option in layers.SelectMany(static layer => layer.EnumerateObject()))
        {
            merged[option.Name] = option.Value;
        }

        writer.WriteStartObject();
        foreach ((string name, JsonElement value) in merged)
        {
            if (value.ValueKind != JsonValueKind.Null)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static string? CheckPart(JsonProperty old, JsonElement edited)
    {
        if (!edited.TryGetProperty(old.Name, out JsonElement now))
        {
            return $"\"{old.Name}\" is missing: leave it as it was";
        }

        if (now.ValueKind != old.Value.ValueKind)
        {
            return $"\"{old.Name}\" must stay {Named(old.Value.ValueKind)}";
        }

        return s_fixed.Contains(old.Name, StringComparer.Ordinal) && !JsonElement.DeepEquals(old.Value, now)
            ? $"\"{old.Name}\" says what the push is about: leave it as it was"
            : null;
    }

    private static string Named(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Null => "null",
            _ => "a number or a truth",
        };
}
