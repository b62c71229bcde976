using System.Globalization;
using System.Text;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Cmd.Validate;

/// <summary>Writes what a segment's rule needs, for people.</summary>
internal static class FactsWriter
{
    private const string AnyEvent = "any";

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    public static void Write(TextWriter output, SegmentFacts facts)
    {
        WriteList(output, "reads", [.. facts.Reads.Select(static source => Named(source, "any event"))]);
        WriteList(output, "traits", facts.Traits);
        WriteList(output, "segments", [.. facts.Segments.Select(static segment => segment.Value)]);
        foreach (var kept in facts.Keeps)
        {
            output.WriteLine($"    keeps      {Kept(kept)}");
        }

        output.WriteLine($"    looks back {Back(facts.LooksBack)}");
        output.WriteLine(
            $"    by time    {(facts.ChangesByTime ? "yes: changes without an event" : "no: only events change it")}"
        );
    }

    private static string Back(TimeSpan? window) =>
        window switch
        {
            null => "to the customer's first event",
            { } none when none == TimeSpan.Zero => "not at all: only the newest traits count",
            { } some => Duration(some),
        };

    private static string Kept(KeptLane kept)
    {
        var sources = string.Join(" or ", kept.Sources.Select(static source => Named(source, "event")));
        return kept switch
        {
            { For: null } => $"{kept.Content} of each {sources}, for ever",
            { NewestOnly: false } => $"{kept.Content} of each {sources}, for {Duration(kept.For.Value)}",
            _ when kept.For == TimeSpan.Zero => $"{kept.Content} of the newest {sources}, for ever",
            _ => $"{kept.Content} of each {sources}, for {Duration(kept.For.Value)}, of the newest for ever",
        };
    }

    // "any" and "any where ..." name events of all kinds; "any.sku" is a property, and said as it is written.
    private static string Named(string source, string anyEvent) =>
        source == AnyEvent || source.StartsWith(AnyEvent + " ", StringComparison.Ordinal)
            ? string.Concat(anyEvent, source.AsSpan(AnyEvent.Length))
            : source;

    private static void WriteList(TextWriter output, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            output.WriteLine($"    {name, -10} {string.Join(", ", values)}");
        }
    }

    // As in a rule: 30d, 30d1h.
    private static string Duration(TimeSpan duration)
    {
        var text = new StringBuilder();
        foreach (var (unit, length) in Units)
        {
            var count = duration.Ticks / length.Ticks;
            duration -= count * length;
            text.Append(count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count}{unit}"));
        }

        return text.ToString();
    }
}
