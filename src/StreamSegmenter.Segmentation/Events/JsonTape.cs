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
    private readonly DuplicateNames _duplicates = new();
    private readonly JsonStops _stops = new();
    private readonly OpenValue[] _open;
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
        _open = new OpenValue[limits.MaxDepth];

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

        return _stops.Read(text) || Utf8.IsValid(text) || Fail(JsonFault.InvalidUtf8(text));
    }

    /// <summary>
    /// Tokenizes right text fast. It says nothing of wrong text, nor of what is rare: numbers with an exponent and
    /// names with escapes. See <see cref="TryTokenize"/>.
    /// </summary>
    private bool TryScan(ReadOnlySpan<byte> text)
    {
        var inside = default(OpenValue);
        int depth = 0;
        int at = 0;
        byte next = JsonScanner.Next(text, ref at);
        while (true)
        {
            if (inside.IsObject)
            {
                at = next == (byte)'"' ? ScanName(text, at + 1, ref inside) : JsonScanner.Wrong;
                next = JsonScanner.Next(text, ref at);
            }

            inside.Size++;
            if (next == (byte)'"')
            {
                at = ScanString(text, at + 1);
                next = JsonScanner.Next(text, ref at);
            }
            else if (next is (byte)'{' or (byte)'[')
            {
                bool isObject = next == (byte)'{';
                if (depth == _limits.MaxDepth || !TryAppend(isObject ? JsonKind.Object : JsonKind.Array, text, at, 1))
                {
                    return false;
                }

                _open[depth++] = inside;
                inside = new(_count - 1, isObject);
                at++;
                next = JsonScanner.Next(text, ref at);
                if (!IsClosing(next))
                {
                    continue;
                }
            }
            else
            {
                at = ScanWord(text, at, next);
                next = JsonScanner.Next(text, ref at);
            }

            while (IsClosing(next))
            {
                if (depth == 0 || next != (inside.IsObject ? (byte)'}' : (byte)']') || !TryClose(inside, ++at))
                {
                    return false;
                }

                inside = _open[--depth];
                next = JsonScanner.Next(text, ref at);
            }

            if (depth == 0 || next != (byte)',')
            {
                return depth == 0 && at == text.Length;
            }

            at++;
            next = JsonScanner.Next(text, ref at);
        }
    }

    /// <summary>Behind the name that starts there and its colon, or <see cref="JsonScanner.Wrong"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ScanName(ReadOnlySpan<byte> text, int start, ref OpenValue inside)
    {
        int end = _stops.Next(start);
        if (JsonScanner.At(text, end) != (byte)'"')
        {
            return JsonScanner.Wrong;
        }

        ulong bit = DuplicateNames.BitOf(text, start, end);
        if ((inside.Names & bit) != 0)
        {
            if (inside.Size > DuplicateNames.SmallCount)
            {
                inside.Names = OpenValue.MayRepeat;
            }
            else if (DuplicateNames.Has(this, inside.Token + 1, _count, text[start..end]))
            {
                return JsonScanner.Wrong;
            }
        }

        inside.Names |= bit;
        int colon = end + 1;
        return JsonScanner.Next(text, ref colon) == (byte)':' && TryAppend(JsonKind.String, text, start, end - start)
            ? colon + 1
            : JsonScanner.Wrong;
    }

    /// <summary>Behind the string that starts there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ScanString(ReadOnlySpan<byte> text, int start)
    {
        int end = _stops.Next(start);
        return JsonScanner.At(text, end) != (byte)'"' ? ScanEscapedString(text, start)
            : TryAppend(JsonKind.String, text, start, end - start) ? end + 1
            : JsonScanner.Wrong;
    }

    private int ScanEscapedString(ReadOnlySpan<byte> text, int start)
    {
        int end = JsonScanner.AfterEscapedString(text, _stops, start);
        return
            end != JsonScanner.Wrong
            && TryAppend(JsonKind.String, text, start, end - start - 1)
            && TryUnescape(text, _count - 1)
            ? end
            : JsonScanner.Wrong;
    }

    /// <summary>Behind the number or literal.</summary>
    private int ScanWord(ReadOnlySpan<byte> text, int at, byte first)
    {
        (JsonKind kind, int end) = first switch
        {
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => (JsonKind.Number, JsonScanner.AfterNumber(text, at)),
            (byte)'t' => (JsonKind.True, JsonScanner.AfterWord(text, at, "true"u8)),
            (byte)'f' => (JsonKind.False, JsonScanner.AfterWord(text, at, "false"u8)),
            (byte)'n' => (JsonKind.Null, JsonScanner.AfterWord(text, at, "null"u8)),
            _ => (default, JsonScanner.Wrong),
        };
        return
            end != JsonScanner.Wrong
            && (kind != JsonKind.Number || JsonNumber.Fits(text[at..end]))
            && TryAppend(kind, text, at, end - at)
            ? end
            : JsonScanner.Wrong;
    }

    private bool TryClose(OpenValue value, int end)
    {
        _tokens[value.Token].Close(end, _count, value.Size);
        return value.Names != OpenValue.MayRepeat || _duplicates.Find(this, value.Token) < 0;
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
                JsonTokenType.PropertyName => TryAppend(JsonKind.String, text, start + 1, length),
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

        bool isAdded = TryAdd(kind, text, start, 1, depth);
        _open[depth] = new(_count - 1, kind == JsonKind.Object);
        return isAdded;
    }

    private bool TryClose(ReadOnlySpan<byte> text, int end, int depth)
    {
        (int index, int size) = (_open[depth].Token, _open[depth].Size);
        _tokens[index].Close(end, _count, size);
        int duplicate = _open[depth].IsObject ? _duplicates.Find(this, index) : -1;
        return duplicate < 0 || Fail(JsonFault.DuplicateKey(text, _tokens[duplicate].RawStart, StringAt(duplicate)));
    }

    private bool TryAdd(JsonKind kind, ReadOnlySpan<byte> text, int start, int length, int depth)
    {
        if (depth > 0)
        {
            _open[depth - 1].Size++;
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

    /// <summary>An object or array whose end was not read yet.</summary>
    private struct OpenValue(int token, bool isObject)
    {
        /// <summary>As <see cref="Names"/>: some are so many that they are to be compared at the end.</summary>
        public const ulong MayRepeat = ulong.MaxValue;

        /// <summary>Where it stands on the tape.</summary>
        public readonly int Token = token;

        public readonly bool IsObject = isObject;

        /// <summary>How many elements or properties were read.</summary>
        public int Size;

        /// <summary>The bits of all names that were read.</summary>
        public ulong Names;
    }
}
