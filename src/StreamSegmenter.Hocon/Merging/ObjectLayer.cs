namespace StreamSegmenter.Hocon.Merging;

/// <summary>An object under construction: each key has a cell of its own.</summary>
internal sealed class ObjectLayer(HoconOrigin origin) : Layer(origin)
{
    private readonly OrderedDictionary<string, Cell> _cells = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Cell> Cells => _cells;

    /// <summary>Adds a definition under a path, making the objects on the way.</summary>
    public void Define(ReadOnlySpan<string> keys, HoconOrigin keyOrigin, Layer layer)
    {
        var cell = CellOf(keys[0], keyOrigin);
        if (keys.Length == 1)
        {
            cell.Push(layer);
            return;
        }
        var child = new ObjectLayer(keyOrigin);
        child.Define(keys[1..], keyOrigin, layer);
        cell.Push(child);
    }

    /// <summary>Puts the definitions of another object over those of this one.</summary>
    public void Absorb(ObjectLayer upper)
    {
        foreach (var (key, cell) in upper._cells)
        {
            CellOf(key, cell.KeyOrigin).PushAll(cell);
        }
    }

    /// <summary>A copy that can absorb others without changing this one. Leaves are shared.</summary>
    public ObjectLayer Copy()
    {
        var copy = new ObjectLayer(Origin);
        foreach (var (key, cell) in _cells)
        {
            copy._cells.Add(key, cell.Copy());
        }
        return copy;
    }

    private Cell CellOf(string key, HoconOrigin keyOrigin)
    {
        if (!_cells.TryGetValue(key, out var cell))
        {
            _cells.Add(key, cell = new Cell(keyOrigin));
        }
        cell.KeyOrigin = keyOrigin;
        return cell;
    }
}
