using System.Collections.Immutable;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Resolution;

/// <summary>Puts resolved values together.</summary>
internal sealed class Joining(ResolutionBudget budget)
{
    /// <summary>
    /// One piece of a concatenation; <paramref name="IsSpace"/> marks unquoted whitespace between values.
    /// </summary>
    internal readonly record struct Piece(HoconValue Value, bool IsSpace);

    /// <summary>Joins the pieces that are defined; null when none is.</summary>
    public HoconValue? Concatenate(HoconOrigin origin, IReadOnlyList<Piece> pieces)
    {
        var values = pieces.Where(static piece => !piece.IsSpace).Select(static piece => piece.Value).ToList();
        return values switch
        {
            [] => null,
            [var only] when pieces.Count == 1 => only,
            _ when values.Exists(static value => value is HoconArray) => Arrays(origin, values),
            _ when values.Exists(static value => value is HoconObject) => Objects(values),
            _ => Text(origin, pieces),
        };
    }

    /// <summary>The fields of both; where both have a key the upper one wins, objects under one key merge.</summary>
    public HoconObject Merge(HoconObject lower, HoconObject upper)
    {
        budget.Spend(lower.Count + upper.Count, upper.Origin);
        var fields = new OrderedDictionary<string, HoconField>(lower.Fields, StringComparer.Ordinal);
        foreach (var (key, field) in upper.Fields)
        {
            fields[key] =
                fields.TryGetValue(key, out var below)
                && below.Value is HoconObject lowerChild
                && field is { Value: HoconObject upperChild, HidesFallback: false }
                    ? field with
                    {
                        Value = Merge(lowerChild, upperChild),
                        HidesFallback = below.HidesFallback,
                    }
                    : field;
        }
        return budget.Checked(new HoconObject(upper.Origin, fields));
    }

    private HoconArray Arrays(HoconOrigin origin, List<HoconValue> values)
    {
        var items = ImmutableArray.CreateBuilder<HoconValue>();
        foreach (var value in values)
        {
            var array = value as HoconArray ?? (value as HoconObject)?.ToArrayByNumericKeys();
            items.AddRange((IEnumerable<HoconValue>?)array ?? throw CannotJoin(value, "an array"));
        }
        budget.Spend(items.Count, origin);
        return budget.Checked(new HoconArray(origin, items.DrainToImmutable()));
    }

    private HoconObject Objects(List<HoconValue> values) =>
        values
            .Select(static value => value as HoconObject ?? throw CannotJoin(value, "an object"))
            .Aggregate((lower, upper) => Merge(lower, upper));

    private HoconString Text(HoconOrigin origin, IReadOnlyList<Piece> pieces)
    {
        var values = pieces.Select(static piece => (HoconScalar)piece.Value).ToImmutableArray();
        var length = values.Sum(static value => (long)value.Text.Length);
        budget.CheckSize(length, origin);
        budget.Spend(length / 16, origin);
        return HoconString.Joined(origin, values);
    }

    private static HoconException CannotJoin(HoconValue value, string with) =>
        new(
            value.Origin,
            $"{value.Description} cannot be joined with {with}; separate them with a comma or a new line"
        );
}
