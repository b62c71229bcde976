using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary>
/// Writes transitions, one JSON object a line:
/// <c>{"at":"2020-01-31T12:00:00.000Z","customer":"u1","segment":"vip","transition":"entered","cause":"time"}</c>.
/// </summary>
internal sealed class TransitionWriter : IDisposable
{
    private const int FullBytes = 64 * 1024;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly JsonWriterOptions Options = new()
    {
        // Results are for people and JSON readers, not for web pages: names stay as they were written.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(FullBytes * 2);
    private readonly Utf8JsonWriter _json;

    public TransitionWriter(Stream output)
    {
        _output = output;
        _json = new(_buffer, Options);
    }

    public void Write(Transition transition)
    {
        Span<byte> at = stackalloc byte[32];
        transition.At.ToDateTimeOffset().TryFormat(at, out int length, TimeFormat, CultureInfo.InvariantCulture);

        _json.WriteStartObject();
        _json.WriteString("at"u8, at[..length]);
        _json.WriteString("customer"u8, transition.Customer.Value);
        _json.WriteString("segment"u8, transition.Segment.Value);
        _json.WriteString("transition"u8, transition.Kind == TransitionKind.Entered ? "entered"u8 : "exited"u8);
        _json.WriteString("cause"u8, transition.Cause.Word());
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FullBytes)
        {
            Flush();
        }
    }

    public void Flush()
    {
        if (_buffer.WrittenCount > 0)
        {
            _output.Write(_buffer.WrittenSpan);
            _output.Flush();
            _buffer.ResetWrittenCount();
        }
    }

    public void Dispose() => _json.Dispose();
}
