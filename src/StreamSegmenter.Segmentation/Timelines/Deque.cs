using System.Numerics;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>A list that grows and shrinks at both ends in constant time.</summary>
internal sealed class Deque<T>
{
    private T[] _items = new T[4];
    private int _first;

    public int Count { get; private set; }

    public ref T First => ref this[0];

    public ref T Last => ref this[Count - 1];

    public ref T this[int index] => ref _items[(_first + index) & (_items.Length - 1)];

    public void AddLast(T item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        Count++;
        Last = item;
    }

    public void RemoveLast()
    {
        Last = default!;
        Count--;
    }

    public void RemoveFirst()
    {
        First = default!;
        _first = (_first + 1) & (_items.Length - 1);
        Count--;
    }

    public void Clear()
    {
        Array.Clear(_items);
        (_first, Count) = (0, 0);
    }

    private void Grow()
    {
        var grown = new T[(int)BitOperations.RoundUpToPowerOf2((uint)Count + 1)];
        for (int i = 0; i < Count; i++)
        {
            grown[i] = this[i];
        }

        (_items, _first) = (grown, 0);
    }
}
