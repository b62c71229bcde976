using System.Buffers;
using System.Text;
using System.Text.Json;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>Why <see cref="JsonTape"/> refused a text.</summary>
public enum JsonFaultReason : byte
{
    None = 0,

    /// <summary>Not one JSON value (RFC 8259), or something follows it.</summary>
    NotJson,
    TooLarge,
    TooDeep,
    TooManyTokens,

    /// <summary>Two properties of one object have the same name, escapes resolved.</summary>
    DuplicateKey,

    /// <summary>The bytes are not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>A <c>\u</c> escape names one half of a surrogate pair without the other.</summary>
    LoneSurrogate,

    /// <summary>A number is larger than <see cref="decimal"/> can hold.</summary>
    NumberOutOfRange,
}

/// <summary>Why and where <see cref="JsonTape"/> refused a text.</summary>
public readonly struct JsonFault
{
    private const int ExcerptLength = 40;

    private readonly string? _message;

    private JsonFault(JsonFaultReason reason, int offset, string message)
    {
        Reason = reason;
        Offset = offset;
        _message = message;
    }

    public JsonFaultReason Reason { get; }

    /// <summary>The byte at which the fault was noticed, counted from 0.</summary>
    public int Offset { get; }

    /// <summary>What is wrong, where (line and column in bytes, from 1), and what to do about it.</summary>
    public string Message => _message ?? "";

    public override string ToString() => Message;

    internal static JsonFault TooLarge(int length, int maxLength) =>
        new(JsonFaultReason.TooLarge, 0, $"the text has {length} bytes; at most {maxLength} are allowed");

    internal static JsonFault TooDeep(ReadOnlySpan<byte> text, int offset, int maxDepth) =>
        At(JsonFaultReason.TooDeep, text, offset, $"nested deeper than the {maxDepth} levels that are allowed");

    internal static JsonFault TooManyTokens(ReadOnlySpan<byte> text, int offset, int maxTokens) =>
        At(JsonFaultReason.TooManyTokens, text, offset, $"more than the {maxTokens} values and names that are allowed");

    internal static JsonFault DuplicateKey(ReadOnlySpan<byte> text, int offset, ReadOnlySpan<byte> name) =>
        At(JsonFaultReason.DuplicateKey, text, offset, $"the name \"{Excerpt(name)}\" occurs twice in one object");

    internal static JsonFault LoneSurrogate(ReadOnlySpan<byte> text, int offset) =>
        At(JsonFaultReason.LoneSurrogate, text, offset, "an escape names half a surrogate pair; write the whole pair");

    internal static JsonFault NumberOutOfRange(ReadOnlySpan<byte> text, int offset, ReadOnlySpan<byte> number) =>
        At(
            JsonFaultReason.NumberOutOfRange,
            text,
            offset,
            $"{Excerpt(number)} is beyond ±{decimal.MaxValue}; send it as a string"
        );

    internal static JsonFault InvalidUtf8(ReadOnlySpan<byte> text)
    {
        int offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out int length) == OperationStatus.Done)
        {
            offset += length;
        }

        return At(JsonFaultReason.InvalidUtf8, text, offset, $"byte 0x{text[offset]:X2} is not UTF-8");
    }

    /// <summary>What a reader of JSON has stumbled on, in words for whoever wrote the text.</summary>
    /// <param name="text">All that was read, in UTF-8.</param>
    public static JsonFault NotJson(ReadOnlySpan<byte> text, JsonException exception)
    {
        int offset = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            offset += text[offset..].IndexOf((byte)'\n') + 1;
        }

        offset += (int)(exception.BytePositionInLine ?? 0);

        return At(JsonFaultReason.NotJson, text, offset, JsonMistake.Describe(text, offset));
    }

    private static JsonFault At(JsonFaultReason reason, ReadOnlySpan<byte> text, int offset, string what)
    {
        ReadOnlySpan<byte> before = text[..Math.Min(offset, text.Length)];
        int line = before.Count((byte)'\n') + 1;
        int column = before.Length - before.LastIndexOf((byte)'\n');
        return new(reason, offset, $"{what} (line {line}, column {column})");
    }

    /// <summary>The start of a text, fit for a message: short, and without control characters.</summary>
    internal static string Excerpt(ReadOnlySpan<byte> utf8)
    {
        var excerpt = new StringBuilder(ExcerptLength + 3);
        while (excerpt.Length < ExcerptLength && !utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out Rune rune, out int length);
            excerpt.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
            utf8 = utf8[length..];
        }

        return utf8.IsEmpty ? excerpt.ToString() : excerpt.Append("...").ToString();
    }
}
