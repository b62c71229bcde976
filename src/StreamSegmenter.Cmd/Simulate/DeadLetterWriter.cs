using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary>
/// Writes what is no event, a line each: <c>line 3: no-id: the event needs a userId ...: "{\"type\":\"page\"}"</c>. The
/// text is shortened and escaped, so that it can neither break the line nor steer a terminal.
/// </summary>
internal sealed class DeadLetterWriter(Stream error)
{
    private const int FullBytes = 64 * 1024;
    private const int ShownBytes = 200;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Whether there were any.</summary>
    public bool Any { get; private set; }

    public void Write(in EventLine line, Rejection rejection)
    {
        Any = true;
        // A detail may quote the text, and Unicode has line ends that are no control characters.
        Append($"line {line.Number}: {rejection.Reason.Code()}: {rejection.Detail.ReplaceLineEndings(" ")}: \"");
        ReadOnlySpan<byte> shown = Beginning(line.Text.Span);
        AppendEscaped(shown);
        Append(shown.Length < line.Length ? $"...\" ({line.Length} bytes)\n" : "\"\n");
        if (_buffer.WrittenCount >= FullBytes)
        {
            Flush();
        }
    }

    public void Warn(string warning)
    {
        Append($"warning: {warning}\n");
        Flush();
    }

    public void Flush()
    {
        if (_buffer.WrittenCount > 0)
        {
            error.Write(_buffer.WrittenSpan);
            error.Flush();
            _buffer.ResetWrittenCount();
        }
    }

    /// <summary>As much of the text as is shown, without a character cut in two.</summary>
    private static ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> text)
    {
        int length = Math.Min(text.Length, ShownBytes);
        while (length > ShownBytes - 4 && length < text.Length && (text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return text[..length];
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _buffer);

    private void AppendEscaped(ReadOnlySpan<byte> text)
    {
        JavaScriptEncoder encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        Span<byte> room = _buffer.GetSpan(text.Length * encoder.MaxOutputCharactersPerInputCharacter);
        encoder.EncodeUtf8(text, room, out _, out int written);
        _buffer.Advance(written);
    }
}
