using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// One JSON text, split into tokens once, so that it can be walked many times without allocation.
/// It accepts RFC 8259 minus what has no single meaning: duplicate names, lone surrogates, invalid UTF-8, and numbers
/// beyond <see cref="decimal"/>. A tape is reused from text to text; its buffers grow to the largest text seen, never
/// beyond the limits. Not thread-safe. Cursors are valid until the next <see cref="TryParse"/>, as long as the bytes
/// given to it stay unchanged.
/// </summary>
public sealed class JsonTape
{
    private const int InitialTokens = 64;

    private readonly EventLimits _limits;
    private readonly JsonReaderOptions _readerOptions;
    private readonly int[] _open;
    private readonly DuplicateNames _duplicates = new();
    private ReadOnlyMemory<byte> _text;
    private JsonToken[] _tokens = new JsonToken[InitialTokens];
    private int _count;

    /// <summary>The values of strings with escapes, each at the offset it has in the text.</summary>
    private byte[] _unescaped = [];

    /// <summary>Makes an empty tape.</summary>
    /// <param name="limits">Of these, <c>MaxBytes</c>, <c>MaxDepth</c> and <c>MaxTokens</c> concern a tape.</param>
    public JsonTape(EventLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.MaxBytes, JsonToken.MaxSize, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxDepth, 1, nameof(limits));
        _limits = limits;
        _open = new int[limits.MaxDepth];

        // One level more than allowed, so that this tape and not the reader notices what is too deep.
        _readerOptions = new JsonReaderOptions { MaxDepth = limits.MaxDepth + 1 };
    }

    /// <summary>The whole value; Missing before the first and after a failed <see cref="TryParse"/>.</summary>
    public JsonCursor Root => _count == 0 ? default : new JsonCursor(this, 0);

    /// <summary>Reads one JSON text. On failure <paramref name="fault"/> says why, and the tape is empty.</summary>
    public bool TryParse(ReadOnlyMemory<byte> utf8, out JsonFault fault)
    {
        _text = utf8;
        _count = 0;
        ReadOnlySpan<byte> text = utf8.Span;
        if (text.Length > _limits.MaxBytes)
        {
            string what = $"the text has {text.Length} bytes; at most {_limits.MaxBytes} are allowed";
            fault = JsonFault.OfWhole(JsonFaultReason.TooLarge, what);
            return false;
        }

        bool isWhole;
        try
        {
            isWhole = Utf8.IsValid(text) ? TryTokenize(text, out fault) : Fail(InvalidUtf8(text), out fault);
        }
        catch (JsonException exception)
        {
            isWhole = Fail(NotJson(text, exception), out fault);
        }

        _count = isWhole ? _count : 0;
        return isWhole;
    }

    internal ref readonly JsonToken this[int index] => ref _tokens[index];

    /// <summary>The value of the string or name at <paramref name="index"/>, escapes resolved.</summary>
    internal ReadOnlySpan<byte> StringAt(int index)
    {
        ref readonly JsonToken token = ref _tokens[index];
        return token.IsEscaped
            ? _unescaped.AsSpan(token.Start, token.Size)
            : _text.Span.Slice(token.Start, token.Length);
    }

    /// <summary>The value as it is written, quotes and escapes included.</summary>
    internal ReadOnlySpan<byte> RawAt(int index)
    {
        ref readonly JsonToken token = ref _tokens[index];
        int quote = token.Kind == JsonKind.String ? 1 : 0;
        return _text.Span.Slice(token.Start - quote, token.Length + (2 * quote));
    }

    /// <summary>Everything that is written between the starts of two tokens' texts, the second one included.</summary>
    internal ReadOnlySpan<byte> RawBetween(int first, int last)
    {
        int start = _tokens[first].Start - (_tokens[first].Kind == JsonKind.String ? 1 : 0);
        int end = _tokens[last].Start + _tokens[last].Length + (_tokens[last].Kind == JsonKind.String ? 1 : 0);
        return _text.Span[start..end];
    }

    private bool TryTokenize(ReadOnlySpan<byte> text, out JsonFault fault)
    {
        var reader = new Utf8JsonReader(text, _readerOptions);
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            int depth = reader.CurrentDepth;
            switch (reader.TokenType)
            {
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    if (!TryClose(text, _open[depth], start + 1, out fault))
                    {
                        return false;
                    }

                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray when depth == _limits.MaxDepth:
                    return Fail(JsonFaultReason.TooDeep, text, start, $"nested deeper than {depth} levels", out fault);
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    _open[depth] = _count;
                    break;
                case JsonTokenType.Number when !JsonNumber.Fits(reader.ValueSpan):
                    return Fail(NumberOutOfRange(text, start, reader.ValueSpan), out fault);
                default:
                    break;
            }

            if (_count == _limits.MaxTokens)
            {
                string what = $"more than {_count} values and names";
                return Fail(JsonFaultReason.TooManyTokens, text, start, what, out fault);
            }

            if (!TryAppend(text, ref reader, start, out fault))
            {
                return false;
            }

            if (depth > 0 && reader.TokenType != JsonTokenType.PropertyName)
            {
                _tokens[_open[depth - 1]].CountChild();
            }
        }

        fault = default;
        return true;
    }

    private bool TryAppend(ReadOnlySpan<byte> text, ref Utf8JsonReader reader, int start, out JsonFault fault)
    {
        int index = _count++;
        if (index == _tokens.Length)
        {
            Array.Resize(ref _tokens, Math.Min(_tokens.Length * 2, _limits.MaxTokens));
        }

        int length = reader.ValueSpan.Length;
        _tokens[index] = reader.TokenType switch
        {
            JsonTokenType.PropertyName or JsonTokenType.String => JsonToken.Of(
                JsonKind.String,
                start + 1,
                length,
                index
            ),
            JsonTokenType.Number => JsonToken.Of(JsonKind.Number, start, length, index),
            JsonTokenType.StartObject => JsonToken.Of(JsonKind.Object, start, length, index),
            JsonTokenType.StartArray => JsonToken.Of(JsonKind.Array, start, length, index),
            JsonTokenType.True => JsonToken.Of(JsonKind.True, start, length, index),
            JsonTokenType.False => JsonToken.Of(JsonKind.False, start, length, index),
            _ => JsonToken.Of(JsonKind.Null, start, length, index),
        };

        fault = default;
        return !reader.ValueIsEscaped || TryUnescape(text, index, out fault);
    }

    private bool TryUnescape(ReadOnlySpan<byte> text, int index, out JsonFault fault)
    {
        if (_unescaped.Length < text.Length)
        {
            _unescaped = new byte[Math.Min(_limits.MaxBytes, text.Length * 2)];
        }

        int start = _tokens[index].Start;
        int length = _tokens[index].Length;
        if (!JsonEscapes.TryUnescape(text.Slice(start, length), _unescaped.AsSpan(start), out int position))
        {
            const string what = "an escape names half a surrogate pair; write both halves or the character itself";
            return Fail(JsonFaultReason.LoneSurrogate, text, start + position, what, out fault);
        }

        _tokens[index] = JsonToken.EscapedString(start, length, index, position);
        fault = default;
        return true;
    }

    private bool TryClose(ReadOnlySpan<byte> text, int index, int end, out JsonFault fault)
    {
        _tokens[index].Close(end, _count);
        if (_tokens[index].Kind == JsonKind.Object && _tokens[index].Size > 1)
        {
            int duplicate = _duplicates.Find(this, index);
            if (duplicate >= 0)
            {
                string what = $"the name \"{JsonFault.Excerpt(StringAt(duplicate))}\" occurs twice in one object";
                return Fail(JsonFaultReason.DuplicateKey, text, _tokens[duplicate].Start - 1, what, out fault);
            }
        }

        fault = default;
        return true;
    }

    private static JsonFault InvalidUtf8(ReadOnlySpan<byte> text)
    {
        int offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return JsonFault.At(JsonFaultReason.InvalidUtf8, text, offset, $"byte 0x{text[offset]:X2} is not UTF-8");
    }

    private static JsonFault NumberOutOfRange(ReadOnlySpan<byte> text, int offset, ReadOnlySpan<byte> number)
    {
        string what = $"{JsonFault.Excerpt(number)} is beyond ±{decimal.MaxValue}; send it as a string";
        return JsonFault.At(JsonFaultReason.NumberOutOfRange, text, offset, what);
    }

    private static JsonFault NotJson(ReadOnlySpan<byte> text, JsonException exception)
    {
        int offset = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            offset += text[offset..].IndexOf((byte)'\n') + 1;
        }

        offset += (int)(exception.BytePositionInLine ?? 0);
        string message = exception.Message;

        // What follows the first sentence is advice about the reader, and its own line and column.
        int sentence = message.IndexOf(". ", StringComparison.Ordinal);
        string what = sentence < 0 ? message : message[..sentence];
        return JsonFault.At(JsonFaultReason.NotJson, text, offset, what);
    }

    private static bool Fail(
        JsonFaultReason reason,
        ReadOnlySpan<byte> text,
        int offset,
        string what,
        out JsonFault fault
    ) => Fail(JsonFault.At(reason, text, offset, what), out fault);

    private static bool Fail(JsonFault found, out JsonFault fault)
    {
        fault = found;
        return false;
    }
}
