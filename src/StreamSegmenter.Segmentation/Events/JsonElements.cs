namespace StreamSegmenter.Segmentation.Events;

/// <summary>Runs over the elements of a JSON array, without allocation.</summary>
public struct JsonElements
{
    private readonly JsonTape? _tape;
    private readonly int _end;
    private int _index;
    private int _next;

    internal JsonElements(JsonTape tape, int array)
    {
        _tape = tape;
        _end = tape[array].Next;
        _next = array + 1;
    }

    public readonly JsonCursor Current => _tape is null ? default : new JsonCursor(_tape, _index);

    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        _index = _next;
        _next = _tape![_index].Next;
        return true;
    }

    public readonly JsonElements GetEnumerator() => this;
}
