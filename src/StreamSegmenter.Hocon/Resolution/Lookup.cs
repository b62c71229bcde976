using StreamSegmenter.Hocon.Merging;

namespace StreamSegmenter.Hocon.Resolution;

/// <summary>
/// Finds the definitions at a path without evaluating any: it walks through objects, and through substitutions to where
/// they point. So <c>${bar.foo}</c> inside <c>bar</c> needs only <c>foo</c>, not all of <c>bar</c>.
/// </summary>
internal sealed class Lookup(
    Cell root,
    Marks evaluating,
    ResolutionBudget budget,
    Func<SubstitutionLayer, bool> isInEnvironment
)
{
    private readonly Marks _passing = new();

    /// <summary>Whether the last <see cref="Find"/> hid layers because of a mark.</summary>
    public bool LookedBack { get; private set; }

    /// <summary>The layers that define the target, highest first.</summary>
    /// <param name="target">The place to look at.</param>
    /// <param name="lookBack">Whether layers under evaluation are hidden with all that lies over them.</param>
    public List<Layer> Find(Target target, bool lookBack)
    {
        LookedBack = false;
        return Walk(target, lookBack);
    }

    private List<Layer> Walk(Target target, bool lookBack)
    {
        var found = View(target.Anchor ?? root, lookBack);
        foreach (var key in target.Path.Keys)
        {
            if (found.Count == 0)
            {
                break;
            }
            var children = new List<Layer>();
            _ = found.Exists(layer => Descend(layer, key, children, lookBack));
            found = children;
        }
        return found;
    }

    private List<Layer> View(Cell cell, bool lookBack)
    {
        var visible = _passing.VisibleLayers(cell);
        if (lookBack)
        {
            visible = Math.Min(visible, evaluating.VisibleLayers(cell));
        }
        LookedBack |= visible < cell.Layers.Count;
        budget.Spend(cell.Layers.Count, cell.KeyOrigin);
        var view = new List<Layer>(visible);
        for (var i = visible - 1; i >= 0; i--)
        {
            view.Add(cell.Layers[i]);
        }
        return view;
    }

    /// <summary>Collects the layers under a key of a layer; true when the layer hides all that lies below it.</summary>
    private bool Descend(Layer layer, string key, List<Layer> children, bool lookBack)
    {
        budget.Spend(1, layer.Origin);
        switch (layer)
        {
            case ObjectLayer o:
                if (o.Cells.TryGetValue(key, out var cell))
                {
                    children.AddRange(View(cell, lookBack));
                }
                return false;
            case SubstitutionLayer or ConcatenationLayer:
                if (!_passing.Add(layer))
                {
                    return false;
                }
                budget.Enter(layer.Origin);
                var hides = layer is ConcatenationLayer concatenation
                    ? DescendPieces(concatenation, key, children, lookBack)
                    : DescendTargets((SubstitutionLayer)layer, key, children, lookBack);
                budget.Leave();
                _passing.Remove(layer);
                return hides;
            default:
                return layer is not WhitespaceLayer;
        }
    }

    private bool DescendTargets(SubstitutionLayer layer, string key, List<Layer> children, bool lookBack)
    {
        foreach (var target in layer.Targets)
        {
            var before = children.Count;
            var hides = Walk(target, lookBack).Exists(found => Descend(found, key, children, lookBack));
            if (hides || children.Count > before)
            {
                return hides;
            }
        }
        return isInEnvironment(layer);
    }

    private bool DescendPieces(ConcatenationLayer layer, string key, List<Layer> children, bool lookBack)
    {
        for (var i = layer.Pieces.Length - 1; i >= 0; i--)
        {
            if (Descend(layer.Pieces[i], key, children, lookBack))
            {
                return true;
            }
        }
        return false;
    }
}
