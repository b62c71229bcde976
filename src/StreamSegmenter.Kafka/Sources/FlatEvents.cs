using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Confluent.Kafka;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Kafka.Sources;

/// <summary>Makes events of flat JSON objects. Not thread-safe.</summary>
internal sealed class FlatEvents(FlatMapping mapping, EventLimits limits)
{
    private const string Header = "$header.";

    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly JsonTape _tape = new(limits);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly byte[][]? _eventField = Path(mapping.EventField);
    private readonly byte[][]? _timestamp = Path(mapping.Timestamp);
    private readonly (string Name, string Field, byte[][] Path)[]? _properties = mapping
        .Properties?.Select(pair => (pair.Key, pair.Value, Path(pair.Value)!))
        .ToArray();

    /// <summary>
    /// The event as JSON text, valid until the next call; what is no JSON object is returned as it is, for the decoder
    /// to refuse.
    /// </summary>
    public ReadOnlyMemory<byte> Convert(Message<byte[]?, byte[]?> message)
    {
        if (!_tape.TryParse(message.Value, out _) || _tape.Root.Kind != JsonKind.Object)
        {
            return message.Value;
        }

        _buffer.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("type", "track");
            WriteName(json);
            WriteText(json, "userId", mapping.UserId, message);
            if (mapping.MessageId is { } messageId)
            {
                WriteText(json, "messageId", messageId, message);
            }

            WriteTime(json);
            WriteProperties(json, message);
            json.WriteEndObject();
        }

        return _buffer.WrittenMemory;
    }

    private static byte[][]? Path(string? field) => field?.Split('.').Select(Encoding.UTF8.GetBytes).ToArray();

    private void WriteName(Utf8JsonWriter json)
    {
        if (mapping.Event is { } name)
        {
            json.WriteString("event", name);
        }
        else if (Find(_eventField!) is { IsMissing: false } field)
        {
            WriteRaw(json, "event", field);
        }
    }

    /// <summary>Ids are strings; producers of flat records often write numbers.</summary>
    private void WriteText(Utf8JsonWriter json, string name, string field, Message<byte[]?, byte[]?> message)
    {
        if (field.StartsWith('$'))
        {
            if (Outside(field, message) is { } text)
            {
                json.WriteString(name, text);
            }
        }
        else if (Find(Path(field)!) is { IsMissing: false } value)
        {
            if (value.Kind == JsonKind.Number)
            {
                json.WriteString(name, value.RawUtf8);
            }
            else
            {
                WriteRaw(json, name, value);
            }
        }
    }

    private void WriteTime(Utf8JsonWriter json)
    {
        if (_timestamp is null || Find(_timestamp) is not { IsMissing: false } field)
        {
            return;
        }

        if (field.TryGetDecimal(out decimal number))
        {
            decimal milliseconds = Math.Floor(mapping.TimestampUnit == "s" ? number * 1000 : number);
            if (milliseconds is >= -62_135_596_800_000m and <= 253_402_300_799_999m)
            {
                json.WriteString("timestamp", DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds).UtcDateTime);
                return;
            }
        }

        WriteRaw(json, "timestamp", field);
    }

    private void WriteProperties(Utf8JsonWriter json, Message<byte[]?, byte[]?> message)
    {
        if (_properties is null)
        {
            WriteRaw(json, "properties", _tape.Root);
            return;
        }

        json.WriteStartObject("properties");
        foreach ((string name, string field, byte[][] path) in _properties)
        {
            if (field.StartsWith('$'))
            {
                if (Outside(field, message) is { } text)
                {
                    json.WriteString(name, text);
                }
            }
            else if (Find(path) is { IsMissing: false } value)
            {
                WriteRaw(json, name, value);
            }
        }

        json.WriteEndObject();
    }

    private JsonCursor Find(byte[][] path)
    {
        JsonCursor value = _tape.Root;
        foreach (byte[] name in path)
        {
            if (!value.TryGetProperty(name, out value))
            {
                return default;
            }
        }

        return value.Kind == JsonKind.Null ? default : value;
    }

    // What is not text cannot be written as JSON: left out, the event lacks it, and is refused if it must not.
    private static string? Outside(string field, Message<byte[]?, byte[]?> message)
    {
        byte[]? bytes =
            field == "$key" ? message.Key
            : field.StartsWith(Header, StringComparison.Ordinal)
            && message.Headers is { } headers
            && headers.TryGetLastBytes(field[Header.Length..], out byte[] header)
                ? header
            : null;
        return bytes is { Length: > 0 } && System.Text.Unicode.Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : null;
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, JsonCursor value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.RawUtf8, skipInputValidation: true);
    }
}
