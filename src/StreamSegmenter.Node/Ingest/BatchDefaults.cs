using System.Buffers;
using System.Text.Json;

namespace StreamSegmenter.Node.Ingest;

/// <summary>
/// Gives a batch's own <c>context</c> and <c>integrations</c> to each of its events: members that the event's object
/// lacks are added to it, and what the event says itself stays. It works on text: nothing is parsed into values, and
/// every byte of the event is kept.
/// </summary>
internal static class BatchDefaults
{
    /// <summary>
    /// Writes the event with the defaults (objects as JSON text, empty when the batch has none). Expects the event to
    /// have passed <see cref="RequestEnvelope"/>; what is no object is written as it is.
    /// </summary>
    public static void Apply(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> integrations,
        PooledBytes scratch,
        PooledBytes output
    )
    {
        scratch.Clear();
        ApplyOne(text, "context"u8, context, scratch);
        ApplyOne(scratch.Span, "integrations"u8, integrations, output);
    }

    private static void ApplyOne(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> defaults,
        IBufferWriter<byte> output
    )
    {
        if (defaults.IsEmpty || text.IsEmpty || text[0] != '{')
        {
            output.Write(text);
            return;
        }

        Range own = Find(text, name);
        if (own.Equals(default))
        {
            output.Write("{\""u8);
            output.Write(name);
            output.Write("\":"u8);
            output.Write(defaults);
            bool isEmpty = text[1..].TrimStart(" \t\r\n"u8) is [(byte)'}', ..];
            output.Write(isEmpty ? ""u8 : ","u8);
            output.Write(text[1..]);
            return;
        }

        ReadOnlySpan<byte> value = text[own];
        output.Write(text[..own.Start]);
        if (value.SequenceEqual("null"u8))
        {
            output.Write(defaults);
        }
        else if (value[0] == '{')
        {
            WriteMerged(value, defaults, output);
        }
        else
        {
            output.Write(value);
        }

        output.Write(text[own.End..]);
    }

    private static void WriteMerged(ReadOnlySpan<byte> own, ReadOnlySpan<byte> defaults, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> members = own[1..^1].Trim(" \t\r\n"u8);
        output.Write("{"u8);
        output.Write(members);
        bool isFirst = members.IsEmpty;
        Utf8JsonReader reader = ReaderOf(defaults);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex;
            ReadOnlySpan<byte> name = reader.ValueSpan;
            reader.Skip();
            if (Find(own, name).Equals(default))
            {
                output.Write(isFirst ? ""u8 : ","u8);
                output.Write(defaults[start..(int)reader.BytesConsumed]);
                isFirst = false;
            }
        }

        output.Write("}"u8);
    }

    /// <summary>Where the value of an object's member stands; <c>default</c> when there is none.</summary>
    private static Range Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        Utf8JsonReader reader = ReaderOf(text);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isIt = reader.ValueSpan.SequenceEqual(name);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isIt)
            {
                return start..(int)reader.BytesConsumed;
            }
        }

        return default;
    }

    private static Utf8JsonReader ReaderOf(ReadOnlySpan<byte> text) =>
        new(text, new JsonReaderOptions { MaxDepth = text.Length });
}
