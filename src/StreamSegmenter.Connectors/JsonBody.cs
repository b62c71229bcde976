using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamSegmenter.Connectors;

/// <summary>Writes bodies of JSON. The same writing gives the same bytes.</summary>
internal static class JsonBody
{
    /// <summary>An object with the members that <paramref name="writeMembers"/> writes.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> writeMembers)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    /// <summary>Nothing, if there is no value.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
