using System.Buffers;
using System.Text.Json;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Node.Configuration;

/// <summary>Writes values of a configuration as JSON.</summary>
public static class HoconJson
{
    // What was written may nest as deep as the reader of configurations lets it.
    private static readonly JsonWriterOptions WriterOptions = new() { MaxDepth = 1000 };

    /// <summary>A JSON object in UTF-8; numbers stay as they were written.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<KeyValuePair<string, HoconValue>> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            WriteObject(json, fields);
        }

        return buffer.WrittenMemory;
    }

    private static void WriteObject(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, HoconValue>> fields)
    {
        json.WriteStartObject();
        foreach (var (key, value) in fields)
        {
            json.WritePropertyName(key);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, HoconValue value)
    {
        switch (value)
        {
            case HoconObject o:
                WriteObject(json, o);
                break;
            case HoconArray array:
                json.WriteStartArray();
                foreach (var item in array)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            case HoconNumber number:
                json.WriteRawValue(number.Text);
                break;
            case HoconBoolean boolean:
                json.WriteBooleanValue(boolean.Value);
                break;
            case HoconNull:
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(((HoconString)value).Text);
                break;
        }
    }
}
