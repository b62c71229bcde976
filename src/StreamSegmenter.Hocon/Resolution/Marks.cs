using StreamSegmenter.Hocon.Merging;

namespace StreamSegmenter.Hocon.Resolution;

/// <summary>
/// The layers that a lookup must not see again because their value is what is being worked out. A lookup that comes to
/// a cell with a marked layer looks back: it sees only what lies below the lowest mark.
/// </summary>
internal sealed class Marks
{
    private readonly HashSet<Layer> _layers = new(ReferenceEqualityComparer.Instance);

    /// <summary>Marks a layer; false when it was marked before.</summary>
    public bool Add(Layer layer) => _layers.Add(layer);

    public void Remove(Layer layer) => _layers.Remove(layer);

    public bool Contains(Layer layer) => _layers.Contains(layer);

    /// <summary>How many of the cell's layers, from the lowest up, a lookup may see.</summary>
    public int VisibleLayers(Cell cell)
    {
        var layers = cell.Layers;
        for (var i = 0; i < layers.Count; i++)
        {
            if (_layers.Contains(layers[i]))
            {
                return i;
            }
        }
        return layers.Count;
    }
}
