using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>Looks at the elements of arrays one by one, for <c>any(array, condition)</c>.</summary>
internal static class ElementReader
{
    /// <summary>
    /// Whether one element, as the frame's body, passes. The last array need not be written with <c>[]</c>.
    /// </summary>
    public static bool Any(EvaluationFrame frame, JsonCursor start, PropertyPath path, CompiledCondition test) =>
        Any(frame, start, path, 0, test);

    private static bool Any(EvaluationFrame frame, JsonCursor at, PropertyPath path, int part, CompiledCondition test)
    {
        for (; part < path.Parts.Length; part++)
        {
            byte[]? name = path.Parts[part];
            if (name is null)
            {
                return AnyElement(frame, at, path, part + 1, test);
            }

            if (!at.TryGetProperty(name, out at))
            {
                return false;
            }
        }

        bool flattened = path.Parts[^1] is null;
        return flattened ? Passes(frame, at, test) : AnyElement(frame, at, path, part, test, last: true);
    }

    private static bool AnyElement(
        EvaluationFrame frame,
        JsonCursor array,
        PropertyPath path,
        int part,
        CompiledCondition test,
        bool last = false
    )
    {
        foreach (JsonCursor element in array.EnumerateArray())
        {
            if (last ? Passes(frame, element, test) : Any(frame, element, path, part, test))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Passes(EvaluationFrame frame, JsonCursor element, CompiledCondition test)
    {
        frame.Body = element;
        return test(frame);
    }
}
