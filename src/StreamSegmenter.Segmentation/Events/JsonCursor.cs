using System.Text;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// A place in the text on a <see cref="JsonTape"/>. Every member may be called on every kind: what does not apply gives
/// Missing, false or nothing. <c>default</c> is Missing. Valid as long as the tape's text is.
/// </summary>
public readonly struct JsonCursor
{
    private readonly JsonTape? _tape;
    private readonly int _index;

    internal JsonCursor(JsonTape tape, int index)
    {
        _tape = tape;
        _index = index;
    }

    public JsonKind Kind => _tape is null ? JsonKind.Missing : _tape[_index].Kind;

    public bool IsMissing => _tape is null;

    /// <summary>How many elements an array or properties an object has; else 0.</summary>
    public int Count => Kind >= JsonKind.Array ? _tape![_index].Size : 0;

    /// <summary>A string's value as UTF-8, escapes resolved, without allocation; empty for any other kind.</summary>
    public ReadOnlySpan<byte> Utf8 => Kind == JsonKind.String ? _tape!.StringAt(_index) : default;

    /// <summary>The value as it is written in the text, quotes and escapes included; empty for Missing.</summary>
    public ReadOnlySpan<byte> RawUtf8 => _tape is null ? default : _tape.RawAt(_index);

    /// <summary>Whether this is a string that is written with escapes.</summary>
    internal bool HasEscapes => _tape is not null && _tape[_index].IsEscaped;

    internal JsonTape? Tape => _tape;

    internal int Index => _index;

    /// <summary>Finds an object's property; <paramref name="utf8Name"/> is its name with escapes resolved.</summary>
    public bool TryGetProperty(ReadOnlySpan<byte> utf8Name, out JsonCursor value)
    {
        foreach (JsonMember member in EnumerateObject())
        {
            if (member.Utf8Name.SequenceEqual(utf8Name))
            {
                value = member.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The elements of an array, in order; none for any other kind.</summary>
    public JsonElements EnumerateArray() => Kind == JsonKind.Array ? new JsonElements(_tape!, _index) : default;

    /// <summary>The properties of an object, in order; none for any other kind.</summary>
    public JsonMembers EnumerateObject() => Kind == JsonKind.Object ? new JsonMembers(_tape!, _index) : default;

    /// <summary>Lets <c>foreach</c> run over the elements of an array.</summary>
    public JsonElements GetEnumerator() => EnumerateArray();

    /// <summary>A string's value, newly allocated; any other kind gives "".</summary>
    public string GetString() => Encoding.UTF8.GetString(Utf8);

    /// <summary>Copies a string's value, escapes resolved. False if this is no string or it does not fit.</summary>
    public bool TryCopyString(Span<byte> destination, out int written)
    {
        ReadOnlySpan<byte> utf8 = Utf8;
        bool copied = Kind == JsonKind.String && utf8.TryCopyTo(destination);
        written = copied ? utf8.Length : 0;
        return copied;
    }

    /// <summary>
    /// The value of a number: exact up to 28 digits, else the nearest decimal, ties to even; without trailing zeros, so
    /// that equal numbers have equal bits. False for any other kind, numeric strings included.
    /// </summary>
    public bool TryGetDecimal(out decimal value)
    {
        value = 0m;
        return Kind == JsonKind.Number && JsonNumber.TryParse(_tape!.RawAt(_index), out value);
    }

    /// <summary>Whether this is a string of exactly this value, escapes resolved.</summary>
    public bool ValueEquals(ReadOnlySpan<byte> utf8) => Kind == JsonKind.String && Utf8.SequenceEqual(utf8);

    /// <summary>The text of the value, for people.</summary>
    public override string ToString() => Encoding.UTF8.GetString(RawUtf8);
}
