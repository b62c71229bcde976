using HandlebarsDotNet;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>One compiled part of a template.</summary>
/// <param name="Paths">The paths that the source names, such as <c>profile.email</c>.</param>
internal sealed record CompiledPart(HandlebarsTemplate<TextWriter, object, object> Render, IReadOnlySet<string> Paths)
{
    /// <summary>What to tell about a missing value: its whole path if only one in the source ends like that.</summary>
    public string Explain(MissingValueException missing)
    {
        string ending = "." + missing.Name;
        var candidates = Paths.Where(path => path.EndsWith(ending, StringComparison.Ordinal)).Take(2).ToList();
        string path = candidates.Count == 1 ? candidates[0] : missing.Name;
        return $"'{path}' is missing; write {{{{default {path} \"...\"}}}} if it may be";
    }
}
