using System.Text;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>One property of a JSON object.</summary>
public readonly struct JsonMember
{
    private readonly JsonTape _tape;
    private readonly int _name;

    internal JsonMember(JsonTape tape, int name)
    {
        _tape = tape;
        _name = name;
    }

    /// <summary>The name, newly allocated.</summary>
    public string Name => Encoding.UTF8.GetString(Utf8Name);

    /// <summary>The name as UTF-8, escapes resolved.</summary>
    public ReadOnlySpan<byte> Utf8Name => _tape.StringAt(_name);

    public JsonCursor Value => new(_tape, _name + 1);

    /// <summary>Where the name stands on the tape; the value follows it.</summary>
    internal int Index => _name;
}

/// <summary>Runs over the properties of a JSON object, without allocation.</summary>
public struct JsonMembers
{
    private readonly JsonTape? _tape;
    private readonly int _end;
    private int _name;
    private int _next;

    internal JsonMembers(JsonTape tape, int owner)
    {
        _tape = tape;
        _end = tape[owner].Next;
        _next = owner + 1;
    }

    /// <summary>Where the last <see cref="MoveNext"/> arrived; meaningless before it or after the end.</summary>
    public readonly JsonMember Current => new(_tape!, _name);

    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        _name = _next;
        _next = _tape![_name + 1].Next;
        return true;
    }

    public readonly JsonMembers GetEnumerator() => this;
}
