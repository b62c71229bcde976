using System.Collections;
using System.Collections.Immutable;

namespace StreamSegmenter.Hocon.Values;

/// <summary>A list of values.</summary>
public sealed class HoconArray : HoconValue, IReadOnlyList<HoconValue>
{
    private readonly ImmutableArray<HoconValue> _items;

    /// <summary>An array of the given values.</summary>
    public HoconArray(HoconOrigin origin, ImmutableArray<HoconValue> items)
        : base(origin)
    {
        _items = items;
        var size = 1L;
        foreach (var item in items)
        {
            size += item.WrittenSize;
            Height = Math.Max(Height, item.Height);
        }
        WrittenSize = size;
        Height++;
    }

    /// <inheritdoc/>
    public override string Description => "an array";

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public HoconValue this[int index] => _items[index];

    internal override long WrittenSize { get; }

    internal override int Height { get; }

    /// <inheritdoc/>
    public IEnumerator<HoconValue> GetEnumerator() => ((IEnumerable<HoconValue>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(HoconValue? other) => other is HoconArray array && _items.SequenceEqual(array._items);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
        {
            hash.Add(item);
        }
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", _items)}]";
}
