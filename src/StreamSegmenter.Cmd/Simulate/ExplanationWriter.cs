using StreamSegmenter.Segmentation.Explaining;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary>Writes an explanation as a tree, for people.</summary>
internal sealed class ExplanationWriter
{
    private const int Width = 100;
    private const int NarrowestText = 40;
    private const int LongestValue = 80;
    private const int MarkLength = 2;

    // Where remarks stand beside lines that are not longer.
    private const int RightmostColumn = 72;

    private readonly List<(string Text, string Remark)> _lines = [];

    public static void Write(TextWriter output, Explanation explanation)
    {
        var (verb, change) = explanation.IsMember ? ("is", "leaves") : ("is not", "enters");
        output.WriteLine($"{explanation.Customer} {verb} in {explanation.Segment} at {explanation.At}");
        output.WriteLine(
            explanation.Since is { } since
                ? $"{(explanation.IsMember ? "entered" : "left")} at {since}"
                : "was never in it"
        );
        output.WriteLine(
            explanation.ChangesAt is { } at
                ? $"{change} at {at} unless an event changes that"
                : $"{(explanation.IsMember ? "stays" : "stays out")} unless an event changes that"
        );
        output.WriteLine();
        var tree = new ExplanationWriter();
        tree.Add(explanation.Rule, "", "");
        tree.WriteTo(output);
    }

    private void WriteTo(TextWriter output)
    {
        var column = _lines
            .Where(static line => line.Remark.Length > 0 && line.Text.Length <= RightmostColumn)
            .Select(static line => line.Text.Length)
            .DefaultIfEmpty()
            .Max();
        foreach (var (text, remark) in _lines)
        {
            output.WriteLine(remark.Length == 0 ? text : $"{text.PadRight(column)}  {remark}");
        }
    }

    private void Add(ExplainedPart part, string first, string rest)
    {
        var hasParts = part.Parts.Count > 0;
        var below = rest + (hasParts ? "│ " : "  ");
        AddWrapped(Describe(part), first, below + "  ", Remark(part));
        if (part.Events is { } events)
        {
            AddEvents(events, below);
        }

        for (int i = 0; i < part.Parts.Count; i++)
        {
            var isLast = i == part.Parts.Count - 1;
            Add(part.Parts[i], rest + (isLast ? "└─ " : "├─ "), rest + (isLast ? "   " : "│  "));
        }
    }

    private static string Describe(ExplainedPart part)
    {
        var text = part.Joins switch
        {
            PartJoin.All => "all of",
            PartJoin.Any => "any of",
            _ => part.Text,
        };
        return part.IsCondition ? $"{(part.Value == "true" ? '✓' : '✗')} {text}" : $"{text}  →  {Shorten(part.Value)}";
    }

    private static string Remark(ExplainedPart part) =>
        string.Join(", ", new[] { part.ChangesAt is { } at ? $"until {at}" : null, part.Note }.OfType<string>());

    private void AddWrapped(string text, string first, string rest, string remark)
    {
        var indent = first;
        var room = Math.Max(NarrowestText, Width - first.Length);
        while (text.Length > room && text.LastIndexOf(' ', room) is > MarkLength and var space)
        {
            _lines.Add((indent + text[..space].TrimEnd(), ""));
            text = text[(space + 1)..];
            indent = rest;
        }

        _lines.Add((indent + text, remark));
    }

    private void AddEvents(ExplainedEvents events, string indent)
    {
        foreach (var (at, value) in events.Newest)
        {
            _lines.Add(($"{indent}· {at}{(value is null ? "" : $"  {Shorten(value)}")}", ""));
        }

        if (events.Count > events.Newest.Count)
        {
            _lines.Add(($"{indent}· and {events.Count - events.Newest.Count} older", ""));
        }
    }

    private static string Shorten(string value) =>
        value.Length <= LongestValue ? value : string.Concat(value.AsSpan(0, LongestValue - 1), "…");
}
