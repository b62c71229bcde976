using System.Text.Json;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Node.Ingest;

/// <summary>
/// What is around the events of a request. It reads no more than the grammar demands, so that one event with, say, a
/// name twice or half a surrogate pair costs only itself and not its batch. Reused from request to request.
/// </summary>
internal sealed class RequestEnvelope
{
    /// <summary>Where each event's JSON stands in the body.</summary>
    public List<Range> Events { get; } = [];

    /// <summary>Empty when it is absent or no string.</summary>
    public byte[] WriteKey { get; private set; } = [];

    /// <summary>
    /// Where the member's value stands; empty when it is absent or of another type than the spec gives it.
    /// </summary>
    public Range SentAt { get; private set; }

    public Range Context { get; private set; }

    public Range Integrations { get; private set; }

    private bool HasBatch { get; set; }

    /// <summary>Reads a body that is one event.</summary>
    public bool TryReadEvent(ReadOnlySpan<byte> body, out string fault)
    {
        Clear();
        Events.Add(..body.Length);
        Utf8JsonReader reader = ReaderOf(body);
        return TryWalk(ref reader, body, isBatch: false, maxEvents: 1, out fault);
    }

    /// <summary>
    /// Reads a body that holds events in <c>batch</c>; more than <paramref name="maxEvents"/> are not listed.
    /// </summary>
    public bool TryReadBatch(ReadOnlySpan<byte> body, int maxEvents, out string fault)
    {
        Clear();
        Utf8JsonReader reader = ReaderOf(body);
        if (!TryWalk(ref reader, body, isBatch: true, maxEvents, out fault))
        {
            return false;
        }

        fault = HasBatch ? "" : "the body needs an array \"batch\" with the events in it";
        return HasBatch;
    }

    // Depth is no reason to refuse a whole batch; the body's size bounds it.
    private static Utf8JsonReader ReaderOf(ReadOnlySpan<byte> body) =>
        new(body, new JsonReaderOptions { MaxDepth = Math.Max(1, body.Length) });

    private bool TryWalk(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> body,
        bool isBatch,
        int maxEvents,
        out string fault
    )
    {
        fault = "";
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                fault = "the body must be a JSON object";
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref reader, isBatch, maxEvents);
            }

            // Nothing may follow the object, and the reader says so itself.
            reader.Read();
            return true;
        }
        catch (JsonException error)
        {
            fault = $"the body is not JSON: {JsonFault.NotJson(body, error)}";
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, bool isBatch, int maxEvents)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        if (isBatch && name.SequenceEqual("batch"u8))
        {
            reader.Read();
            ReadEvents(ref reader, maxEvents);
        }
        else if (name.SequenceEqual("writeKey"u8))
        {
            WriteKey = ReadString(ref reader);
        }
        else if (isBatch && name.SequenceEqual("sentAt"u8))
        {
            SentAt = ReadValue(ref reader, JsonTokenType.String);
        }
        else if (isBatch && name.SequenceEqual("context"u8))
        {
            Context = ReadValue(ref reader, JsonTokenType.StartObject);
        }
        else if (isBatch && name.SequenceEqual("integrations"u8))
        {
            Integrations = ReadValue(ref reader, JsonTokenType.StartObject);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadEvents(ref Utf8JsonReader reader, int maxEvents)
    {
        HasBatch = reader.TokenType == JsonTokenType.StartArray;
        if (!HasBatch)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (Events.Count <= maxEvents)
            {
                Events.Add(start..(int)reader.BytesConsumed);
            }
        }
    }

    /// <summary>
    /// With escapes resolved: some encoders write a slash as two characters, and keys may hold slashes.
    /// </summary>
    private static byte[] ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return [];
        }

        byte[] value = new byte[reader.ValueSpan.Length];
        try
        {
            return value[..reader.CopyString(value)];
        }
        catch (InvalidOperationException)
        {
            // Not text: half a surrogate pair, or bytes that are not UTF-8.
            return [];
        }
    }

    /// <summary>Strings without their quotes.</summary>
    private static Range ReadValue(ref Utf8JsonReader reader, JsonTokenType wanted)
    {
        reader.Read();
        bool isWanted = reader.TokenType == wanted;
        int quote = reader.TokenType == JsonTokenType.String ? 1 : 0;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return isWanted ? (start + quote)..((int)reader.BytesConsumed - quote) : default;
    }

    private void Clear()
    {
        Events.Clear();
        WriteKey = [];
        SentAt = Context = Integrations = default;
        HasBatch = false;
    }
}
