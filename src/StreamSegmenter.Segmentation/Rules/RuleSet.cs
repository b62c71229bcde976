using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Compilation;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules;

/// <summary>All segments' rules, compiled together. Immutable; shared by all shards.</summary>
public sealed class RuleSet
{
    private readonly FrozenDictionary<string, int[]> _slotsByTrait;
    private readonly FrozenDictionary<string, EventReading> _readingByEvent;
    private readonly EventReading _readingOfOthers;
    private readonly FrozenDictionary<string, LaneDefinition[]> _lanesByTrait;
    private readonly int[][] _slotsByLane;

    internal RuleSet(
        IReadOnlyList<SegmentDefinition> segments,
        IReadOnlyList<SlotDefinition> slots,
        IReadOnlyList<LaneDefinition> lanes,
        RuleSetOptions options,
        string canonicalText
    )
    {
        Segments = segments;
        Lanes = lanes;
        Options = options;
        Calendar = new(options.TimeZone);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalText)).AsSpan(0, 16));

        Dependencies[] dependencies = [.. slots.Select(slot => Dependencies.Of(slot.Condition))];
        Slots =
        [
            .. slots.Select(slot => Compile(slot, segments, SlotsThat(dependencies, d => d.Slots.Contains(slot)))),
        ];
        _slotsByLane = [.. lanes.Select(lane => SlotsThat(dependencies, d => d.Lanes.Contains(lane)))];
        _slotsByTrait = dependencies
            .SelectMany(d => d.Traits)
            .Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(trait => trait, trait => SlotsThat(dependencies, d => d.Traits.Contains(trait)));
        _lanesByTrait = lanes
            .SelectMany(lane => lane.TraitsInWhere)
            .Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(
                trait => trait,
                trait => lanes.Where(lane => lane.TraitsInWhere.Contains(trait)).ToArray()
            );
        _readingOfOthers = new([.. lanes.Where(lane => lane.EventName is null)]);
        _readingByEvent = lanes
            .Select(lane => lane.EventName)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(
                name => name,
                name => new EventReading([.. lanes.Where(lane => lane.EventName is null || lane.EventName == name)])
            );
    }

    /// <summary>In the order given.</summary>
    public IReadOnlyList<SegmentDefinition> Segments { get; }

    /// <summary>Equal for rule sets that make the same state and transitions of the same events.</summary>
    public string Fingerprint { get; }

    public RuleSetOptions Options { get; }

    internal IReadOnlyList<LaneDefinition> Lanes { get; }

    internal IReadOnlyList<CompiledSlot> Slots { get; }

    internal CalendarPeriods Calendar { get; }

    /// <summary>Compiles all rules, or reports every rule that is wrong.</summary>
    public static RuleSetResult Compile(IReadOnlyList<SegmentDefinition> segments, RuleSetOptions options) =>
        new RuleSetBuilder(segments, options).Build();

    /// <summary>The rule written back in its canonical form, or why it is not one.</summary>
    public static (string? Text, RuleError? Error) Format(string rule)
    {
        try
        {
            return (SyntaxFormatter.Format(Parsing.RuleParser.Parse(rule)), null);
        }
        catch (RuleException e)
        {
            return (null, e.Error);
        }
    }

    internal EventReading ReadingOf(string eventName) => _readingByEvent.GetValueOrDefault(eventName, _readingOfOthers);

    internal int[] SlotsReading(LaneDefinition lane) => _slotsByLane[lane.Index];

    /// <summary>The lanes whose <c>where</c> reads the trait.</summary>
    internal LaneDefinition[] LanesFilteredBy(string trait) => _lanesByTrait.GetValueOrDefault(trait, []);

    internal int[] SlotsReading(string trait) => _slotsByTrait.GetValueOrDefault(trait, []);

    private static int[] SlotsThat(Dependencies[] dependencies, Func<Dependencies, bool> reads) =>
        [.. Enumerable.Range(0, dependencies.Length).Where(i => reads(dependencies[i]))];

    private static CompiledSlot Compile(
        SlotDefinition slot,
        IReadOnlyList<SegmentDefinition> segments,
        int[] dependents
    ) =>
        new(
            slot.Index,
            RuleCompiler.Condition(slot.Condition),
            slot is SegmentSlot named ? segments.First(segment => segment.Name.Value == named.Name) : null,
            (slot as HeldSlot)?.Milliseconds,
            dependents
        );
}
