using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Streams.Shards;

/// <summary>Writes <see cref="PushContent"/>. Equal arguments give equal bytes.</summary>
internal sealed class PushContentWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        // Content is data for connectors; each escapes for its own medium.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public byte[] Write(
        Transition transition,
        SegmentDefinition segment,
        CustomerProfile profile,
        JsonCursor @event,
        PushTarget target
    )
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, Options);
        json.WriteStartObject();
        json.WriteString(PushContent.Customer, transition.Customer.Value);
        WriteTransition(json, transition);
        json.WriteStartObject(PushContent.Segment);
        json.WriteString("name", segment.Name.Value);
        json.WriteString("description", segment.Description);
        json.WriteEndObject();
        json.WritePropertyName(PushContent.Profile);
        profile.WriteTo(json);
        json.WritePropertyName(PushContent.Event);
        WriteEvent(json, @event);
        json.WritePropertyName(PushContent.Options);
        json.WriteRawValue(target.Options.Span, skipInputValidation: true);
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    private static void WriteTransition(Utf8JsonWriter json, Transition transition)
    {
        json.WriteStartObject(PushContent.Transition);
        json.WriteString("kind", transition.Kind == TransitionKind.Entered ? "entered" : "exited");
        json.WriteString("at", transition.At.ToString());
        json.WriteString("cause", transition.Cause.Word());
        json.WriteNumber("number", transition.Number);
        json.WriteString("messageId", transition.MessageId);
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, JsonCursor @event)
    {
        if (@event.IsMissing)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteRawValue(@event.RawUtf8, skipInputValidation: true);
        }
    }
}
