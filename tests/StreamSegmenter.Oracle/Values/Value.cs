namespace StreamSegmenter.Oracle.Values;

/// <summary>
/// One value of the language. A missing value is none at all: wherever values are handed on, they come as a list
/// with no entry (missing), one, or several (a path with <c>[]</c>).
/// </summary>
internal abstract record Value;

internal sealed record Number(Exact Amount) : Value;

internal sealed record Text(string Content) : Value;

internal sealed record Truth(bool Holds) : Value;

internal sealed record Span(Exact Milliseconds) : Value;

internal sealed record Instant(Exact Milliseconds) : Value;

/// <summary>A JSON array; JSON's null is null.</summary>
internal sealed record Elements(IReadOnlyList<Value?> Items) : Value;

/// <summary>A JSON object; of two fields with one name the last counts.</summary>
internal sealed record Fields(IReadOnlyDictionary<string, Value?> ByName) : Value
{
    public static readonly Fields None = new(new Dictionary<string, Value?>(StringComparer.Ordinal));

    public Value? this[string name] => ByName.GetValueOrDefault(name);
}
