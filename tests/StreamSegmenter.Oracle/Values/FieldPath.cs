namespace StreamSegmenter.Oracle.Values;

/// <summary>A way into a JSON value: names, and null for each <c>[]</c>.</summary>
internal sealed record FieldPath(IReadOnlyList<string?> Steps)
{
    public bool EndsFlattened => Steps[^1] is null;

    /// <summary>The present values at the end of the path, in document order.</summary>
    public IReadOnlyList<Value> Resolve(Value? root)
    {
        IReadOnlyList<Value> reached = root is null ? [] : [root];
        foreach (var step in Steps)
        {
            reached = [.. reached.SelectMany(value => Follow(value, step)).OfType<Value>()];
        }

        return reached;
    }

    private static IEnumerable<Value?> Follow(Value value, string? step) =>
        (value, step) switch
        {
            (Elements array, null) => array.Items,
            (Fields fields, not null) => [fields[step]],
            _ => [],
        };
}
