using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private readonly DuplicateNames _duplicates;
    private readonly JsonStops _stops = new();
    private readonly int[] _open;
    private JsonToken[] _tokens;
    private int _count;
    private byte[] _bytes = [];
    private int _origin;
    private JsonFault _fault;

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
        _tokens = new JsonToken[Math.Min(InitialTokens, limits.MaxTokens)];
        _open = new int[limits.MaxDepth];
        _duplicates = new DuplicateNames(limits.MaxDepth);

        // One level more than allowed, so that this tape and not the reader notices what is too deep.
        _readerOptions = new JsonReaderOptions { MaxDepth = limits.MaxDepth + 1 };
    }

    /// <summary>The whole value; Missing before the first and after a failed <see cref="TryParse"/>.</summary>
    public JsonCursor Root => _count == 0 ? default : new JsonCursor(this, 0);

    /// <summary>Reads one JSON text. On failure <paramref name="fault"/> says why, and the tape is empty.</summary>
    public bool TryParse(ReadOnlyMemory<byte> utf8, out JsonFault fault)
    {
        _fault = default;
        _count = 0;
        Hold(utf8);
        ReadOnlySpan<byte> text = utf8.Span;
        bool isWhole;
        try
        {
            isWhole = CheckText(text) && (TryScan(text) || TryTokenize(text));
        }
        catch (JsonException exception)
        {
            isWhole = Fail(JsonFault.NotJson(text, exception));
        }

        _count = isWhole ? _count : 0;
        fault = _fault;
        return isWhole;
    }

    internal ref readonly JsonToken this[int index] => ref _tokens[index];

    /// <summary>The value of the string or name at <paramref name="index"/>, escapes resolved.</summary>
    internal ReadOnlySpan<byte> StringAt(int index)
    {
        ref readonly JsonToken token = ref _tokens[index];
        return token.IsEscaped
            ? new ReadOnlySpan<byte>(_unescaped, token.Start, token.Size)
            : new ReadOnlySpan<byte>(_bytes, _origin + token.Start, token.Length);
    }

    /// <summary>The value as it is written, quotes and escapes included.</summary>
    internal ReadOnlySpan<byte> RawAt(int index) => RawBetween(index, index);

    /// <summary>All that is written from the beginning of one value or name to the end of another.</summary>
    internal ReadOnlySpan<byte> RawBetween(int first, int last)
    {
        int start = _tokens[first].RawStart;
        return new ReadOnlySpan<byte>(_bytes, _origin + start, _tokens[last].RawEnd - start);
    }

    /// <summary>Keeps the text as an array, because a span over one costs less than one over a memory.</summary>
    private void Hold(ReadOnlyMemory<byte> utf8)
    {
        if (!MemoryMarshal.TryGetArray(utf8, out ArraySegment<byte> segment))
        {
            segment = utf8.ToArray();
        }

        _bytes = segment.Array ?? [];
        _origin = segment.Offset;
    }

    private bool CheckText(ReadOnlySpan<byte> text)
    {
        if (text.Length > _limits.MaxBytes)
        {
            return Fail(JsonFault.TooLarge(text.Length, _limits.MaxBytes));
        }

        return Utf8.IsValid(text) || Fail(JsonFault.InvalidUtf8(text));
    }

    /// <summary>
    /// Tokenizes right text fast. It says nothing of wrong text, nor of numbers with an exponent: see
    /// <see cref="TryTokenize"/>.
    /// </summary>
    private bool TryScan(ReadOnlySpan<byte> text)
    {
        _stops.Read(text);
        int depth = 0;
        bool inObject = false;
        int at = JsonScanner.AfterSpace(text, 0);
        while (true)
        {
            at = inObject ? ScanName(text, at, depth) : at;
            byte first = JsonScanner.At(text, at);
            if (first == (byte)'"')
            {
                at = ScanString(text, at, depth);
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                inObject = first == (byte)'{';
                if (!TryOpen(inObject ? JsonKind.Object : JsonKind.Array, text, at, depth++))
                {
                    return false;
                }

                at = JsonScanner.AfterSpace(text, at + 1);
                if (!IsClosing(JsonScanner.At(text, at)))
                {
                    continue;
                }
            }
            else
            {
                at = ScanWord(text, at, first, depth);
            }

            for (byte next; IsClosing(next = JsonScanner.At(text, at)); at = JsonScanner.AfterSpace(text, at + 1))
            {
                if (depth == 0 || next != (inObject ? (byte)'}' : (byte)']') || !TryClose(text, at + 1, --depth))
                {
                    return false;
                }

                inObject = depth > 0 && _tokens[_open[depth - 1]].Kind == JsonKind.Object;
            }

            if (depth == 0 || JsonScanner.At(text, at) != (byte)',')
            {
                return depth == 0 && at == text.Length;
            }

            at = JsonScanner.AfterSpace(text, at + 1);
        }
    }

    /// <summary>The place of the value that follows a name and its colon, or <see cref="JsonScanner.Wrong"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ScanName(ReadOnlySpan<byte> text, int at, int depth)
    {
        if (JsonScanner.At(text, at) != (byte)'"')
        {
            return JsonScanner.Wrong;
        }

        int end = _stops.Next(at + 1);
        if (JsonScanner.At(text, end) != (byte)'"')
        {
            return ScanEscapedName(text, at, depth);
        }

        _duplicates.Add(text[(at + 1)..end], isEscaped: false, depth - 1);
        int colon = JsonScanner.AfterSpace(text, end + 1);
        return JsonScanner.At(text, colon) == (byte)':' && TryAppend(JsonKind.String, text, at + 1, end - at - 1)
            ? JsonScanner.AfterSpace(text, colon + 1)
            : JsonScanner.Wrong;
    }

    private int ScanEscapedName(ReadOnlySpan<byte> text, int at, int depth)
    {
        int end = JsonScanner.AfterEscapedString(text, _stops, at);
        int colon = end == JsonScanner.Wrong ? end : JsonScanner.AfterSpace(text, end);
        return
            JsonScanner.At(text, colon) == (byte)':'
            && TryAddName(text, at, end - at - 2, depth - 1, isEscaped: true)
            && TryUnescape(text, _count - 1)
            ? JsonScanner.AfterSpace(text, colon + 1)
            : JsonScanner.Wrong;
    }

    /// <summary>What follows the string, spaces left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ScanString(ReadOnlySpan<byte> text, int at, int depth)
    {
        int end = _stops.Next(at + 1);
        bool isPlain = JsonScanner.At(text, end) == (byte)'"';
        end = isPlain ? end + 1 : JsonScanner.AfterEscapedString(text, _stops, at);
        return
            end != JsonScanner.Wrong
            && TryAdd(JsonKind.String, text, at + 1, end - at - 2, depth)
            && (isPlain || TryUnescape(text, _count - 1))
            ? JsonScanner.AfterSpace(text, end)
            : JsonScanner.Wrong;
    }

    /// <summary>What follows the number or literal, spaces left out.</summary>
    private int ScanWord(ReadOnlySpan<byte> text, int at, byte first, int depth)
    {
        (JsonKind kind, int end) = first switch
        {
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => (JsonKind.Number, JsonScanner.AfterNumber(text, at)),
            (byte)'t' => (JsonKind.True, JsonScanner.AfterWord(text, at, "true"u8)),
            (byte)'f' => (JsonKind.False, JsonScanner.AfterWord(text, at, "false"u8)),
            (byte)'n' => (JsonKind.Null, JsonScanner.AfterWord(text, at, "null"u8)),
            _ => (default, JsonScanner.Wrong),
        };
        if (end == JsonScanner.Wrong)
        {
            return end;
        }

        bool isAdded =
            kind == JsonKind.Number ? TryAddNumber(text, at, end - at, depth) : TryAdd(kind, text, at, end - at, depth);
        return isAdded ? JsonScanner.AfterSpace(text, end) : JsonScanner.Wrong;
    }

    private static bool IsClosing(byte next) => next is (byte)'}' or (byte)']';

    /// <summary>As <see cref="TryScan"/>, and knows what is wrong with anything else.</summary>
    private bool TryTokenize(ReadOnlySpan<byte> text)
    {
        _count = 0;
        _fault = default;
        var reader = new Utf8JsonReader(text, _readerOptions);
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            int length = reader.ValueSpan.Length;
            bool isAdded = reader.TokenType switch
            {
                JsonTokenType.PropertyName => TryAddName(
                    text,
                    start,
                    length,
                    reader.CurrentDepth - 1,
                    reader.ValueIsEscaped
                ),
                JsonTokenType.String => TryAdd(JsonKind.String, text, start + 1, length, reader.CurrentDepth),
                JsonTokenType.Number => TryAddNumber(text, start, length, reader.CurrentDepth),
                JsonTokenType.True => TryAdd(JsonKind.True, text, start, length, reader.CurrentDepth),
                JsonTokenType.False => TryAdd(JsonKind.False, text, start, length, reader.CurrentDepth),
                JsonTokenType.Null => TryAdd(JsonKind.Null, text, start, length, reader.CurrentDepth),
                JsonTokenType.StartObject => TryOpen(JsonKind.Object, text, start, reader.CurrentDepth),
                JsonTokenType.StartArray => TryOpen(JsonKind.Array, text, start, reader.CurrentDepth),
                _ => TryClose(text, start + 1, reader.CurrentDepth),
            };
            if (!isAdded || (reader.ValueIsEscaped && !TryUnescape(text, _count - 1)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAddNumber(ReadOnlySpan<byte> text, int start, int length, int depth)
    {
        ReadOnlySpan<byte> number = text.Slice(start, length);
        return JsonNumber.Fits(number)
            ? TryAdd(JsonKind.Number, text, start, length, depth)
            : Fail(JsonFault.NumberOutOfRange(text, start, number));
    }

    private bool TryOpen(JsonKind kind, ReadOnlySpan<byte> text, int start, int depth)
    {
        if (depth == _limits.MaxDepth)
        {
            return Fail(JsonFault.TooDeep(text, start, depth));
        }

        _open[depth] = _count;
        _duplicates.Open(depth);
        return TryAdd(kind, text, start, 1, depth);
    }

    private bool TryClose(ReadOnlySpan<byte> text, int end, int depth)
    {
        int index = _open[depth];
        _tokens[index].Close(end, _count);
        int duplicate = _duplicates.Find(this, index, depth);
        return duplicate < 0 || Fail(JsonFault.DuplicateKey(text, _tokens[duplicate].RawStart, StringAt(duplicate)));
    }

    private bool TryAddName(ReadOnlySpan<byte> text, int start, int length, int depth, bool isEscaped)
    {
        _duplicates.Add(text.Slice(start + 1, length), isEscaped, depth);
        return TryAppend(JsonKind.String, text, start + 1, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAdd(JsonKind kind, ReadOnlySpan<byte> text, int start, int length, int depth)
    {
        if (depth > 0)
        {
            _tokens[_open[depth - 1]].CountChild();
        }

        return TryAppend(kind, text, start, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAppend(JsonKind kind, ReadOnlySpan<byte> text, int start, int length)
    {
        JsonToken[] tokens = _tokens;
        int index = _count;
        if ((uint)index >= (uint)tokens.Length)
        {
            return TryGrow(text, start) && TryAppend(kind, start, length);
        }

        tokens[index] = JsonToken.Of(kind, start, length, index);
        _count = index + 1;
        return true;
    }

    private bool TryAppend(JsonKind kind, int start, int length)
    {
        _tokens[_count] = JsonToken.Of(kind, start, length, _count);
        _count++;
        return true;
    }

    // There are never more than allowed.
    private bool TryGrow(ReadOnlySpan<byte> text, int start)
    {
        if (_count == _limits.MaxTokens)
        {
            return Fail(JsonFault.TooManyTokens(text, start, _count));
        }

        Array.Resize(ref _tokens, Math.Min(_tokens.Length * 2, _limits.MaxTokens));
        return true;
    }

    private bool TryUnescape(ReadOnlySpan<byte> text, int index)
    {
        if (_unescaped.Length < text.Length)
        {
            _unescaped = new byte[Math.Min(_limits.MaxBytes, text.Length * 2)];
        }

        int start = _tokens[index].Start;
        int length = _tokens[index].Length;
        if (!JsonEscapes.TryUnescape(text.Slice(start, length), _unescaped.AsSpan(start), out int position))
        {
            return Fail(JsonFault.LoneSurrogate(text, start + position));
        }

        _tokens[index] = JsonToken.EscapedString(start, length, index, position);
        return true;
    }

    private bool Fail(JsonFault fault)
    {
        _fault = fault;
        return false;
    }
}
