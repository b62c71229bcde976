using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Compilation;
using StreamSegmenter.Segmentation.Rules.Syntax;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules;

/// <summary>All segments' rules, compiled together. Immutable; shared by all shards.</summary>
public sealed class RuleSet
{
    private readonly RuleGraph _graph;
    private readonly int[][] _featuresByLane;
    private readonly FrozenDictionary<string, int[]> _featuresByTrait;
    private readonly FrozenDictionary<string, LaneDefinition[]> _lanesByTrait;
    private readonly FrozenDictionary<string, EventReading> _readingByEvent;
    private readonly EventReading _readingOfOthers;
    private readonly int _memoryCount;
    private readonly ushort[] _initialBands;

    internal RuleSet(
        IReadOnlyList<SegmentDefinition> segments,
        IReadOnlyList<SlotDefinition> slots,
        IReadOnlyList<LaneDefinition> lanes,
        int memoryCount,
        RuleSources sources,
        RuleSetOptions options,
        string canonicalText
    )
    {
        Segments = segments;
        Lanes = lanes;
        Options = options;
        Calendar = new(options.TimeZone);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalText)).AsSpan(0, 16));
        _memoryCount = memoryCount;
        Sources = sources;
        _graph = new(slots, segments);

        Dependencies[] reads = [.. _graph.FeatureDefinitions.Select(feature => Dependencies.Of(feature.Node))];
        ILookup<LaneDefinition, int> byLane = Invert(reads, read => read.Lanes);
        _featuresByLane = [.. lanes.Select(lane => byLane[lane].ToArray())];
        _featuresByTrait = Freeze(Invert(reads, read => read.Traits));
        _lanesByTrait = Freeze(
            lanes
                .SelectMany(lane => lane.TraitsInWhere.Select(trait => (trait, lane)))
                .ToLookup(e => e.trait, e => e.lane, StringComparer.Ordinal)
        );
        _readingOfOthers = new(null, lanes.Where(lane => lane.Sources.Any(source => source.EventName is null)));
        _readingByEvent = lanes
            .SelectMany(lane => lane.Sources)
            .Select(source => source.EventName)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToFrozenDictionary(name => name, name => new EventReading(name, lanes.Where(lane => lane.Admits(name))));

        _initialBands = new ushort[_graph.FeatureCount];
        (Features, StartNodes) = Initialise();
    }

    /// <summary>In the order given.</summary>
    public IReadOnlyList<SegmentDefinition> Segments { get; }

    /// <summary>Equal for rule sets that make the same state and transitions of the same events.</summary>
    public string Fingerprint { get; }

    public RuleSetOptions Options { get; }

    internal IReadOnlyList<LaneDefinition> Lanes { get; }

    /// <summary>In the order of evaluation; as nodes, their numbers begin at 0.</summary>
    internal IReadOnlyList<CompiledFeature> Features { get; }

    /// <summary>In the order of evaluation; as nodes, their numbers follow those of the features.</summary>
    internal IReadOnlyList<CompiledSlot> Slots => _graph.Slots;

    /// <summary>How many features and slots there are.</summary>
    internal int NodeCount => Features.Count + Slots.Count;

    /// <summary>
    /// The nodes of slots to be evaluated for a new customer, whatever comes: those whose condition holds of somebody
    /// of whom nothing is known, and those that read them.
    /// </summary>
    internal int[] StartNodes { get; }

    internal RuleGraph Graph => _graph;

    internal RuleSources Sources { get; }

    internal ReadOnlySpan<ushort> InitialBands => _initialBands;

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

    /// <summary>What the rule of one of <see cref="Segments"/> needs.</summary>
    public SegmentFacts FactsOf(SegmentName segment) => SegmentFacts.Of(Sources.SlotOf(segment));

    internal CustomerState NewCustomer(CustomerId id) =>
        new(id, Lanes.Count, _memoryCount, [.. _initialBands], Slots.Count);

    internal EventReading ReadingOf(string eventName) => _readingByEvent.GetValueOrDefault(eventName, _readingOfOthers);

    internal int[] FeaturesReading(LaneDefinition lane) => _featuresByLane[lane.Index];

    internal int[] FeaturesReading(string trait) => _featuresByTrait.GetValueOrDefault(trait, []);

    /// <summary>The lanes whose <c>where</c> reads the trait.</summary>
    internal LaneDefinition[] LanesFilteredBy(string trait) => _lanesByTrait.GetValueOrDefault(trait, []);

    private static ILookup<TKey, int> Invert<TKey>(Dependencies[] reads, Func<Dependencies, IEnumerable<TKey>> keys) =>
        reads.SelectMany((read, i) => keys(read).Select(key => (key, i))).ToLookup(e => e.key, e => e.i);

    private static FrozenDictionary<string, T[]> Freeze<T>(ILookup<string, T> lookup) =>
        lookup.ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    // Evaluates everything once for nobody.
    private (CompiledFeature[] Features, int[] StartNodes) Initialise()
    {
        var features = new CompiledFeature[_graph.FeatureCount];
        CustomerState nobody = NewCustomer(default);
        var frame = new EvaluationFrame(Calendar);
        frame.Begin(nobody, Timestamp.Beginning);
        foreach (FeatureDefinition feature in _graph.FeatureDefinitions)
        {
            CompiledBand band = BandCompiler.Compile(feature.Index, feature.Node, _graph.Bands[feature.Index]);
            _initialBands[feature.Index] = nobody.Bands[feature.Index] = (ushort)band(frame);
            features[feature.Index] = new(band, _graph.FlipIndexes[feature.Index]);
        }

        var start = new SortedSet<int>();
        foreach (CompiledSlot slot in Slots.Where(slot => _graph.Conditions.Holds(slot.Index, nobody)))
        {
            nobody.Holding.Set(slot.Index, slot.HeldMilliseconds is null);
            start.Add(slot.Node);
            start.UnionWith(slot.Dependents);
        }

        return (features, [.. start]);
    }
}
