using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules;

/// <summary>What a segment's rule needs, told from the rule alone.</summary>
/// <param name="Reads">Events and properties, in the language of rules.</param>
/// <param name="Traits">Traits of the profile.</param>
/// <param name="Segments">Segments read by <c>in(...)</c>.</param>
/// <param name="Keeps">What is kept of each customer for it.</param>
/// <param name="LooksBack">How far back it looks; null for ever.</param>
/// <param name="ChangesByTime">Whether time alone can change it.</param>
public sealed record SegmentFacts(
    IReadOnlyList<string> Reads,
    IReadOnlyList<string> Traits,
    IReadOnlyList<SegmentName> Segments,
    IReadOnlyList<KeptLane> Keeps,
    TimeSpan? LooksBack,
    bool ChangesByTime
)
{
    internal static SegmentFacts Of(SegmentSlot segment)
    {
        BoundNode[] nodes = [.. NodesOf(segment.Condition)];
        Dependencies[] dependencies = [.. nodes.Select(Dependencies.Of)];
        LaneDefinition[] lanes =
        [
            .. dependencies.SelectMany(read => read.Lanes).Distinct().OrderBy(l => l.Key, Ordinal),
        ];
        long? reach = nodes.Select(ReachOf).Aggregate((long?)0, (most, one) => one > most || one is null ? one : most);
        return new(
            [.. lanes.SelectMany(lane => lane.Texts).Distinct(Ordinal)],
            [
                .. dependencies
                    .SelectMany(read => read.Traits)
                    .Select(ConsentTraits.Show)
                    .Distinct(Ordinal)
                    .Order(Ordinal),
            ],
            [
                .. dependencies
                    .SelectMany(read => read.Slots)
                    .OfType<SegmentSlot>()
                    .Select(slot => new SegmentName(slot.Name))
                    .Distinct()
                    .Order(),
            ],
            [.. lanes.Select(KeptLane.Of)],
            reach is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            nodes.Any(ChangesWithTime)
        );
    }

    private static StringComparer Ordinal => StringComparer.Ordinal;

    // With the conditions of 'for', but not those of other segments.
    private static IEnumerable<BoundNode> NodesOf(BoundNode node) =>
        Dependencies
            .Operands(node)
            .Concat(node is BoundSlot { Slot: HeldSlot held } ? [held.Condition] : [])
            .SelectMany(NodesOf)
            .Prepend(node);

    // Null: for ever.
    private static long? ReachOf(BoundNode node) =>
        node switch
        {
            BoundAggregate aggregate => WindowOf(aggregate.Window, before: 0),
            BoundSequence sequence => WindowOf(sequence.Window, sequence.Reach),
            _ => 0,
        };

    private static long? WindowOf(BoundWindow window, long? before) =>
        window switch
        {
            BoundWindow.Sliding sliding => sliding.Length + sliding.Offset + before,
            BoundWindow.Calendar calendar => CalendarPeriods.LongestMilliseconds(calendar.Period) + before,
            _ => null,
        };

    private static bool ChangesWithTime(BoundNode node) =>
        node switch
        {
            BoundAggregate aggregate => aggregate.Clocked || Moves(aggregate.Window),
            BoundSequence sequence => sequence.Waits || Moves(sequence.Window),
            BoundSlot slot => slot.Slot is HeldSlot,
            _ => false,
        };

    private static bool Moves(BoundWindow window) => window is BoundWindow.Sliding or BoundWindow.Calendar;
}

/// <summary>What is kept of each customer, shared by all segments that read it.</summary>
/// <param name="Sources">What it takes, in the language of rules: one source, or those of all steps of a
/// sequence.</param>
/// <param name="Content">What of each event: its time, or its time and a value.</param>
/// <param name="For">For how long; null for ever.</param>
/// <param name="NewestOnly">Whether only the newest is kept beyond that.</param>
public sealed record KeptLane(IReadOnlyList<string> Sources, string Content, TimeSpan? For, bool NewestOnly)
{
    internal static KeptLane Of(LaneDefinition lane) =>
        new(
            [.. lane.Texts.Distinct(StringComparer.Ordinal)],
            lane.Content switch
            {
                LaneContent.Times => "the time",
                LaneContent.Numbers => "time and number",
                LaneContent.Values => "time and value",
                _ => "time and step",
            },
            lane.Reach.AllForEver ? null : TimeSpan.FromMilliseconds(lane.Reach.Longest),
            lane.Reach.NewestForEver && !lane.Reach.AllForEver
        );
}
