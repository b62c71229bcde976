using System.Globalization;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Cmd.Validate;

/// <summary>Writes what a segment's rule needs, for people.</summary>
internal static class FactsWriter
{
    public static void Write(TextWriter output, SegmentFacts facts)
    {
        WriteList(output, "reads", facts.Reads);
        WriteList(output, "traits", facts.Traits);
        WriteList(output, "segments", [.. facts.Segments.Select(static segment => segment.Value)]);
        foreach (var kept in facts.Keeps)
        {
            output.WriteLine($"    keeps      {Kept(kept)}");
        }

        var back = facts.LooksBack is { } window ? Duration(window) : "to the customer's first event";
        output.WriteLine($"    looks back {back}");
        output.WriteLine(
            $"    by time    {(facts.ChangesByTime ? "yes: changes without an event" : "no: only events change it")}"
        );
    }

    private static string Kept(KeptLane kept) =>
        kept switch
        {
            { For: null } => $"{kept.Content} of each {kept.Text}, for ever",
            { NewestOnly: false } => $"{kept.Content} of each {kept.Text}, for {Duration(kept.For.Value)}",
            _ when kept.For == TimeSpan.Zero => $"{kept.Content} of the newest {kept.Text}, for ever",
            _ => $"{kept.Content} of each {kept.Text}, for {Duration(kept.For.Value)}, of the newest for ever",
        };

    private static void WriteList(TextWriter output, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            output.WriteLine($"    {name, -10} {string.Join(", ", values)}");
        }
    }

    private static string Duration(TimeSpan duration)
    {
        (string Unit, double Count)[] units =
        [
            ("d", duration.TotalDays),
            ("h", duration.TotalHours),
            ("m", duration.TotalMinutes),
            ("s", duration.TotalSeconds),
        ];
        var (unit, count) = units.FirstOrDefault(static u => u.Count >= 1 && double.IsInteger(u.Count));
        return unit is null
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms")
            : string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
    }
}
