using System.Text.Json;

namespace StreamSegmenter.Oracle.Values;

/// <summary>JSON text to values.</summary>
internal static class JsonValues
{
    /// <summary>Reads one JSON text; null is missing.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string holds half of a surrogate pair.</exception>
    /// <exception cref="OverflowException">A number's exponent is absurd.</exception>
    public static Value? Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return Convert(document.RootElement);
    }

    private static Value? Convert(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => ConvertObject(element),
            JsonValueKind.Array => new Elements([.. element.EnumerateArray().Select(Convert)]),
            JsonValueKind.String => new Text(element.GetString()!),
            JsonValueKind.Number => new Number(Exact.Parse(element.GetRawText())),
            JsonValueKind.True => new Truth(true),
            JsonValueKind.False => new Truth(false),
            _ => null,
        };

    private static Fields ConvertObject(JsonElement element)
    {
        var fields = new Dictionary<string, Value?>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            fields[property.Name] = Convert(property.Value);
        }

        return new Fields(fields);
    }
}
