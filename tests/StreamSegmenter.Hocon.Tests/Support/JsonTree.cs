using System.Text.Json;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Tests.Support;

/// <summary>What System.Text.Json reads, as HOCON values: the independent expectation for JSON.</summary>
internal static class JsonTree
{
    public static HoconValue Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Convert(document.RootElement);
    }

    public static HoconValue Convert(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => Tree.Object([.. element.EnumerateObject().Select(p => (p.Name, Convert(p.Value)))]),
            JsonValueKind.Array => Tree.Array([.. element.EnumerateArray().Select(Convert)]),
            JsonValueKind.String => Tree.String(element.GetString()!),
            JsonValueKind.Number => Tree.Number(element.GetRawText()),
            JsonValueKind.True => Tree.True,
            JsonValueKind.False => Tree.False,
            _ => Tree.Null,
        };
}

/// <summary>Makes values without origins.</summary>
internal static class Tree
{
    private static readonly HoconOrigin Nowhere = HoconOrigin.Other("test");

    public static HoconValue True { get; } = new HoconBoolean(Nowhere, true);

    public static HoconValue False { get; } = new HoconBoolean(Nowhere, false);

    public static HoconValue Null { get; } = new HoconNull(Nowhere);

    public static HoconValue String(string text) => new HoconString(Nowhere, text);

    public static HoconValue Number(string text) => new HoconNumber(Nowhere, text);

    public static HoconValue Array(params HoconValue[] items) => new HoconArray(Nowhere, [.. items]);

    /// <summary>An object; of fields with one name the last counts.</summary>
    public static HoconValue Object(params (string Key, HoconValue Value)[] fields)
    {
        var ordered = new OrderedDictionary<string, HoconField>(StringComparer.Ordinal);
        foreach (var (key, value) in fields)
        {
            ordered[key] = new HoconField(Nowhere, value, HidesFallback: false);
        }
        return new HoconObject(Nowhere, ordered);
    }
}
