using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Looks at the elements of arrays one by one, for <c>any(array, condition)</c>.</summary>
internal static class ElementReader
{
    /// <summary>Whether one element passes. The last array need not be written with <c>[]</c>.</summary>
    public static bool Any(JsonCursor start, PropertyPath path, Func<JsonCursor, bool> test) =>
        Any(start, path, 0, test);

    private static bool Any(JsonCursor at, PropertyPath path, int part, Func<JsonCursor, bool> test)
    {
        for (; part < path.Parts.Length; part++)
        {
            byte[]? name = path.Parts[part];
            if (name is null)
            {
                return AnyElement(at, path, part + 1, test);
            }

            if (!at.TryGetProperty(name, out at))
            {
                return false;
            }
        }

        bool flattened = path.Parts[^1] is null;
        return flattened ? test(at) : AnyElement(at, path, part, test, last: true);
    }

    private static bool AnyElement(
        JsonCursor array,
        PropertyPath path,
        int part,
        Func<JsonCursor, bool> test,
        bool last = false
    )
    {
        foreach (JsonCursor element in array.EnumerateArray())
        {
            if (last ? test(element) : Any(element, path, part, test))
            {
                return true;
            }
        }

        return false;
    }
}
