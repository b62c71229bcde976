using System.Text;

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

    internal static JsonFault At(JsonFaultReason reason, ReadOnlySpan<byte> text, int offset, string what)
    {
        ReadOnlySpan<byte> before = text[..Math.Min(offset, text.Length)];
        int line = before.Count((byte)'\n') + 1;
        int column = before.Length - before.LastIndexOf((byte)'\n');
        return new(reason, offset, $"{what} (line {line}, column {column})");
    }

    internal static JsonFault OfWhole(JsonFaultReason reason, string what) => new(reason, 0, what);

    /// <summary>The start of <paramref name="utf8"/>, fit for a message: short, and without control characters.</summary>
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
