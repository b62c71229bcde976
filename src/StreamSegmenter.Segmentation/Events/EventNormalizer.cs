using System.Buffers;
using System.Globalization;
using System.Text;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// Writes an event the way the log wants it: with <c>receivedAt</c>, <c>type</c>, <c>messageId</c> and, if known,
/// <c>sentAt</c>. Everything else keeps its bytes: numbers, escapes and spaces stay as the producer wrote them.
/// </summary>
public static class EventNormalizer
{
    /// <summary>By how much an event can grow: four names, a word, two times and a message id.</summary>
    public const int MaxAddedBytes = 256;

    /// <summary>By how many values and names an event can grow.</summary>
    public const int MaxAddedTokens = 8;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>
    /// Writes <paramref name="view"/>: <c>receivedAt</c> is set, whatever the producer said; <c>type</c> becomes that
    /// of the view (it differs when the type was implied); <c>sentAt</c> and <c>messageId</c> are added if they are
    /// absent and the envelope has them.
    /// </summary>
    public static void Write(EventView view, in IngestEnvelope envelope, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(output);
        Replaced replaced = WriteEnvelope(view, envelope, output);
        JsonTape tape = view.Root.Tape ?? throw new ArgumentException("The view is empty.", nameof(view));

        // Members that stay and follow each other go out as one run, with everything between them.
        int first = -1;
        int last = -1;
        foreach (JsonMember member in view.Root.EnumerateObject())
        {
            if ((FieldOf(member.Utf8Name) & replaced) == Replaced.None)
            {
                first = first < 0 ? member.Index : first;
                last = member.Value.Index;
                continue;
            }

            WriteRun(tape, first, last, output);
            first = -1;
        }

        WriteRun(tape, first, last, output);
        output.Write("}"u8);
    }

    private static Replaced WriteEnvelope(EventView view, in IngestEnvelope envelope, IBufferWriter<byte> output)
    {
        Replaced replaced = Replaced.ReceivedAt;
        output.Write("{\"receivedAt\":\""u8);
        WriteTime(envelope.ReceivedAt, output);
        if (!view.Root.TryGetProperty("type"u8, out JsonCursor type) || !IsWord(type, view.Type))
        {
            replaced |= Replaced.Type;
            output.Write("\",\"type\":\""u8);
            Encoding.UTF8.GetBytes(view.Type.Word(), output);
        }

        if (view.SentAt is null && envelope.SentAt is { } sentAt)
        {
            replaced |= Replaced.SentAt;
            output.Write("\",\"sentAt\":\""u8);
            WriteTime(sentAt, output);
        }

        if (view.MessageId.IsMissing && envelope.MessageId is { } messageId)
        {
            replaced |= Replaced.MessageId;
            output.Write("\",\"messageId\":\""u8);
            Encoding.UTF8.GetBytes(messageId, output);
        }

        output.Write("\""u8);
        return replaced;
    }

    private static bool IsWord(JsonCursor value, EventType type) =>
        EventTypes.TryParse(value.Utf8, out EventType written) && written == type;

    private static void WriteRun(JsonTape tape, int first, int last, IBufferWriter<byte> output)
    {
        if (first >= 0)
        {
            output.Write(","u8);
            output.Write(tape.RawBetween(first, last));
        }
    }

    private static void WriteTime(Timestamp time, IBufferWriter<byte> output)
    {
        const int length = 24;
        DateTime utc = time.ToDateTimeOffset().UtcDateTime;
        utc.TryFormat(output.GetSpan(length), out int written, TimeFormat, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static Replaced FieldOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("receivedAt"u8) ? Replaced.ReceivedAt
        : name.SequenceEqual("type"u8) ? Replaced.Type
        : name.SequenceEqual("sentAt"u8) ? Replaced.SentAt
        : name.SequenceEqual("messageId"u8) ? Replaced.MessageId
        : Replaced.None;

    [Flags]
    private enum Replaced
    {
        None = 0,
        ReceivedAt = 1,
        Type = 2,
        SentAt = 4,
        MessageId = 8,
    }
}
