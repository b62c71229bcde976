using System.Collections.Immutable;
using StreamSegmenter.Hocon.Merging;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Resolution;

/// <summary>
/// Evaluates a tree of cells. Each substitution is evaluated once and remembered, as the specification asks.
/// A substitution that would need its own value looks back at what it overrides; if there is nothing, it is undefined.
/// </summary>
internal sealed class Resolver
{
    private readonly HoconReaderOptions _options;
    private readonly ResolutionBudget _budget;
    private readonly Joining _joining;
    private readonly Lookup _lookup;

    /// <summary>Layers whose substitutions are being looked up: lookups see only what lies below them.</summary>
    private readonly Marks _lookingUp = new();

    /// <summary>Layers being evaluated: needing one of them again is a circle.</summary>
    private readonly Marks _evaluating = new();

    private readonly Dictionary<SubstitutionLayer, HoconValue?> _remembered = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<SubstitutionLayer> _chain = new();

    private Resolver(Cell root, HoconReaderOptions options)
    {
        _options = options;
        _budget = new ResolutionBudget(options.Limits);
        _joining = new Joining(_budget);
        _lookup = new Lookup(root, _lookingUp, _budget, layer => FromEnvironment(layer) is not null);
    }

    public static HoconValue Resolve(Cell root, HoconReaderOptions options)
    {
        var resolver = new Resolver(root, options);
        return resolver.EvaluateCell(root)?.Value ?? throw new HoconException(root.KeyOrigin, "the document is empty");
    }

    /// <summary>The value of a cell as a part of its object or array; null when it is undefined.</summary>
    private HoconField? EvaluateCell(Cell cell)
    {
        var visible = _lookingUp.VisibleLayers(cell);
        if (visible == 0 && cell.Layers is [var hidden, ..] && IsRequired(hidden))
        {
            throw Circle(hidden);
        }
        var value = EvaluateLayers(cell.Layers.Take(visible).Reverse(), out _, out var hidesFallback);
        return value is null ? null : new HoconField(cell.KeyOrigin, value, hidesFallback);
    }

    /// <summary>Merges layers, highest first, until one of them hides the rest.</summary>
    private HoconValue? EvaluateLayers(IEnumerable<Layer> layers, out bool isCircle, out bool hidesFallback)
    {
        isCircle = false;
        hidesFallback = false;
        HoconObject? merged = null;
        foreach (var layer in layers)
        {
            isCircle = _evaluating.Contains(layer);
            var value = isCircle ? null : EvaluateLayer(layer);
            if (value is HoconObject lower)
            {
                merged = merged is null ? lower : _joining.Merge(lower, merged);
            }
            else if (value is not null || isCircle)
            {
                hidesFallback = merged is not null;
                return isCircle ? null : (HoconValue?)merged ?? value;
            }
        }
        return merged;
    }

    private HoconValue? EvaluateLayer(Layer layer)
    {
        if (layer is LiteralLayer literal)
        {
            return literal.Value;
        }
        _budget.Enter(layer.Origin);
        _budget.Spend(1, layer.Origin);
        _evaluating.Add(layer);
        HoconValue? value = layer switch
        {
            ObjectLayer o => EvaluateObject(o),
            ArrayLayer array => EvaluateArray(array),
            SubstitutionLayer substitution => EvaluateSubstitution(substitution, substitution),
            ConcatenationLayer concatenation => EvaluateConcatenation(concatenation),
            _ => throw new InvalidOperationException($"unknown layer {layer.GetType().Name}"),
        };
        _evaluating.Remove(layer);
        _budget.Leave();
        return value;
    }

    private HoconObject EvaluateObject(ObjectLayer layer)
    {
        _budget.Spend(layer.Cells.Count, layer.Origin);
        var fields = new OrderedDictionary<string, HoconField>(layer.Cells.Count, StringComparer.Ordinal);
        foreach (var (key, cell) in layer.Cells)
        {
            if (EvaluateCell(cell) is { } field)
            {
                fields.Add(key, field);
            }
        }
        return _budget.Checked(new HoconObject(layer.Origin, fields));
    }

    private HoconArray EvaluateArray(ArrayLayer layer)
    {
        _budget.Spend(layer.Elements.Length, layer.Origin);
        var items = ImmutableArray.CreateBuilder<HoconValue>(layer.Elements.Length);
        foreach (var element in layer.Elements)
        {
            if (EvaluateCell(element) is { } item)
            {
                items.Add(item.Value);
            }
        }
        return _budget.Checked(new HoconArray(layer.Origin, items.DrainToImmutable()));
    }

    private HoconValue? EvaluateConcatenation(ConcatenationLayer layer)
    {
        var pieces = new List<Joining.Piece>(layer.Pieces.Length);
        foreach (var piece in layer.Pieces)
        {
            if (piece is WhitespaceLayer space)
            {
                pieces.Add(new Joining.Piece(space.Value, IsSpace: true));
                continue;
            }
            // Only what is looked up for the concatenation itself looks back, not what its objects and arrays hold.
            var value = piece is SubstitutionLayer substitution
                ? EvaluateSubstitution(substitution, marked: layer)
                : EvaluateLayer(piece);
            if (value is not null)
            {
                pieces.Add(new Joining.Piece(value, IsSpace: false));
            }
        }
        return _joining.Concatenate(layer.Origin, pieces);
    }

    /// <summary>Looks a substitution up, unless that was done before; null when it is optional and undefined.</summary>
    /// <param name="layer">The substitution.</param>
    /// <param name="marked">The layer of the cell that it belongs to: itself or the concatenation around it.</param>
    private HoconValue? EvaluateSubstitution(SubstitutionLayer layer, Layer marked)
    {
        if (_remembered.TryGetValue(layer, out var known))
        {
            return known;
        }
        var isMarkedHere = _lookingUp.Add(marked);
        _chain.Push(layer);
        var value = FindValue(layer, lookBack: true, out var lookedBack, out var isCircle) ?? FromEnvironment(layer);
        if (value is null && !layer.Optional)
        {
            // Looking forward is the last resort: it finds what the definitions above the marks say, if that is no
            // circle.
            value = lookedBack ? FindValue(layer, lookBack: false, out _, out isCircle) : null;
            if (value is null)
            {
                throw isCircle ? Circle(layer) : Undefined(layer);
            }
        }
        _chain.Pop();
        if (isMarkedHere)
        {
            _lookingUp.Remove(marked);
        }
        _remembered[layer] = value;
        return value;
    }

    private HoconValue? FindValue(SubstitutionLayer layer, bool lookBack, out bool lookedBack, out bool isCircle)
    {
        lookedBack = false;
        isCircle = false;
        foreach (var target in layer.Targets)
        {
            var layers = _lookup.Find(target, lookBack);
            lookedBack |= _lookup.LookedBack;
            if (EvaluateLayers(layers, out var here, out _) is { } value)
            {
                return value;
            }
            isCircle |= here;
        }
        return null;
    }

    private HoconString? FromEnvironment(SubstitutionLayer layer)
    {
        if (!layer.FallsBackToEnvironment)
        {
            return null;
        }
        var name = string.Join('.', layer.Path.Keys);
        return _options.Environment(name) is { } text
            ? new HoconString(HoconOrigin.EnvironmentVariable(name), text)
            : null;
    }

    private static bool IsRequired(Layer layer) =>
        layer switch
        {
            SubstitutionLayer substitution => !substitution.Optional,
            ConcatenationLayer concatenation => concatenation.Pieces.Any(IsRequired),
            _ => false,
        };

    private static HoconException Undefined(SubstitutionLayer layer) =>
        new(
            layer.Origin,
            $"the substitution {layer} is not defined, neither here nor in the environment; "
                + $"define it, or write ${{?{layer.Path}}} if it may be absent"
        );

    private HoconException Circle(Layer layer)
    {
        var chain = string.Join(" → ", _chain.Reverse().Select(static link => $"{link} at {link.Origin}"));
        return new HoconException(layer.Origin, $"the substitution is a cycle: {chain}");
    }
}
