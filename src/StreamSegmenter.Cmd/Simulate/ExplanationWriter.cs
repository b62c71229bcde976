using StreamSegmenter.Segmentation.Explaining;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary>Writes an explanation as a tree, for people.</summary>
internal static class ExplanationWriter
{
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
        WritePart(output, explanation.Rule, "", "");
    }

    private static void WritePart(TextWriter output, ExplainedPart part, string first, string rest)
    {
        output.WriteLine(
            $"{first}{part.Text}  →  {part.Value}{Until(part)}{(part.Note is null ? "" : $" ({part.Note})")}"
        );
        if (part.Events is { } events)
        {
            WriteEvents(output, events, rest);
        }

        for (int i = 0; i < part.Parts.Count; i++)
        {
            var last = i == part.Parts.Count - 1;
            WritePart(output, part.Parts[i], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
        }
    }

    private static string Until(ExplainedPart part) => part.ChangesAt is { } at ? $" until {at}" : "";

    private static void WriteEvents(TextWriter output, ExplainedEvents events, string indent)
    {
        foreach (var (at, value) in events.Newest)
        {
            output.WriteLine($"{indent}   · {at}{(value is null ? "" : $"  {value}")}");
        }

        if (events.Count > events.Newest.Count)
        {
            output.WriteLine($"{indent}   · and {events.Count - events.Newest.Count} older");
        }
    }
}
