namespace StreamSegmenter.Segmentation.Events;

/// <summary>One value or property name on a <see cref="JsonTape"/>. A name is directly followed by its value.</summary>
internal struct JsonToken
{
    private const int KindMask = 0b0111;
    private const int EscapedFlag = 0b1000;
    private const int SizeShift = 4;

    /// <summary>The largest <see cref="Size"/> that its 27 bits hold.</summary>
    public const int MaxSize = (1 << 27) - 1;

    private int _tag;

    private JsonToken(int start, int length, int next, int tag)
    {
        Start = start;
        Length = length;
        Next = next;
        _tag = tag;
    }

    /// <summary>Offset in the text. A string starts behind its opening quote.</summary>
    public int Start { get; }

    /// <summary>Length in the text, without a string's quotes.</summary>
    public int Length { get; private set; }

    /// <summary>Index of the token behind this value, its contents included.</summary>
    public int Next { get; private set; }

    /// <summary>Where the token begins in the text, a string's quote included.</summary>
    public readonly int RawStart => Start - Quote;

    /// <summary>Where the token ends in the text, a string's quote included.</summary>
    public readonly int RawEnd => Start + Length + Quote;

    public readonly JsonKind Kind => (JsonKind)(_tag & KindMask);

    /// <summary>Whether the string has escapes, so that its value stands in the tape's side buffer.</summary>
    public readonly bool IsEscaped => (_tag & EscapedFlag) != 0;

    /// <summary>The elements or properties of an array or object; the unescaped length of a string.</summary>
    public readonly int Size => _tag >> SizeShift;

    private readonly int Quote => Kind == JsonKind.String ? 1 : 0;

    public static JsonToken Of(JsonKind kind, int start, int length, int index) =>
        new(start, length, index + 1, (int)kind);

    public static JsonToken EscapedString(int start, int length, int index, int unescapedLength) =>
        new(start, length, index + 1, (int)JsonKind.String | EscapedFlag | (unescapedLength << SizeShift));

    public void Close(int end, int next, int size)
    {
        Length = end - Start;
        Next = next;
        _tag |= size << SizeShift;
    }
}
