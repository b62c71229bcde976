using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Follows paths into JSON.</summary>
internal static class PropertyReader
{
    /// <summary>The value at a path that flattens nothing; missing if it leads nowhere.</summary>
    public static JsonCursor Find(JsonCursor start, PropertyPath path)
    {
        JsonCursor at = start;
        foreach (byte[]? part in path.Parts)
        {
            if (!at.TryGetProperty(part, out at))
            {
                return default;
            }
        }

        return at;
    }

    /// <summary>Adds every value that the path leads to; <c>[]</c> takes each element of an array.</summary>
    public static void Collect(JsonCursor start, PropertyPath path, Utf8StringTable texts, List<RuleValue> values) =>
        Collect(start, path, 0, texts, values);

    /// <param name="texts">Gives strings, the same for the same text again.</param>
    public static RuleValue ToValue(JsonCursor cursor, Utf8StringTable texts)
    {
        switch (cursor.Kind)
        {
            case JsonKind.Number:
                return cursor.TryGetDecimal(out decimal number) ? RuleValue.Number(number) : RuleValue.Missing;
            case JsonKind.String:
                return RuleValue.String(texts.Get(cursor.Utf8));
            case JsonKind.True or JsonKind.False:
                return RuleValue.Boolean(cursor.Kind == JsonKind.True);
            case JsonKind.Array:
                return ToList(cursor, texts);
            case JsonKind.Object:
                return RuleValue.Present;
            default:
                return RuleValue.Missing;
        }
    }

    private static RuleValue ToList(JsonCursor array, Utf8StringTable texts)
    {
        var elements = new List<RuleValue>();
        foreach (JsonCursor element in array.EnumerateArray())
        {
            elements.Add(ToValue(element, texts));
        }

        return RuleValue.List([.. elements]);
    }

    private static void Collect(
        JsonCursor at,
        PropertyPath path,
        int part,
        Utf8StringTable texts,
        List<RuleValue> values
    )
    {
        for (; part < path.Parts.Length; part++)
        {
            byte[]? name = path.Parts[part];
            if (name is null)
            {
                foreach (JsonCursor element in at.EnumerateArray())
                {
                    Collect(element, path, part + 1, texts, values);
                }

                return;
            }

            if (!at.TryGetProperty(name, out at))
            {
                return;
            }
        }

        RuleValue value = ToValue(at, texts);
        if (!value.IsMissing)
        {
            values.Add(value);
        }
    }
}
