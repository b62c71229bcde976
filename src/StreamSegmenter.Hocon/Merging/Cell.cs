namespace StreamSegmenter.Hocon.Merging;

/// <summary>
/// All definitions of one value, lowest first. What can be decided without looking anything up is decided here:
/// a literal drops what is below it, an object merges into an object right below it.
/// </summary>
internal sealed class Cell(HoconOrigin keyOrigin)
{
    private readonly List<Layer> _layers = new(capacity: 1);

    /// <summary>Where the key was last written.</summary>
    public HoconOrigin KeyOrigin { get; set; } = keyOrigin;

    /// <summary>The definitions, lowest first.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    public void Push(Layer layer)
    {
        if (layer is ObjectLayer upper && _layers is [.., ObjectLayer lower])
        {
            lower.Absorb(upper);
            return;
        }
        if (layer is LiteralLayer or ArrayLayer)
        {
            _layers.Clear();
        }
        _layers.Add(layer);
    }

    public void PushAll(Cell upper)
    {
        foreach (var layer in upper._layers)
        {
            Push(layer);
        }
    }

    public Cell Copy()
    {
        var copy = new Cell(KeyOrigin);
        foreach (var layer in _layers)
        {
            copy._layers.Add(layer is ObjectLayer o ? o.Copy() : layer);
        }
        return copy;
    }
}
