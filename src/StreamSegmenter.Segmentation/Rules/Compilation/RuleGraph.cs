using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// All features and, above them, all slots of a rule set. As nodes they are numbered in the order of evaluation:
/// features first, then slots, each after those it reads.
/// </summary>
internal sealed class RuleGraph
{
    public RuleGraph(IReadOnlyList<SlotDefinition> slots, IReadOnlyList<SegmentDefinition> segments)
    {
        var builder = new FormulaBuilder();
        Formulas = [.. slots.Select(slot => builder.Build(slot.Condition))];
        FeatureDefinitions = [.. builder.Features];

        ILookup<int, (ValueTest Test, int Slot)> tests = Formulas
            .SelectMany(
                (formula, slot) => formula.SelfAndDescendants.OfType<Formula.Test>().Select(test => (test, slot))
            )
            .ToLookup(entry => entry.test.Feature.Index, entry => (entry.test.Value, entry.slot));
        Bands = [.. FeatureDefinitions.Select(feature => BandsOf(feature, tests))];
        FlipIndexes =
        [
            .. FeatureDefinitions.Select(feature => new FlipIndex(
                Bands[feature.Index].Count,
                tests[feature.Index]
                    .Select(entry => (Bands[feature.Index].Passing(entry.Test), FeatureCount + entry.Slot))
            )),
        ];
        Conditions = new(Formulas, Bands);
        Slots = CompileSlots(slots, segments);
        HeldSlots = new(slots.Count);
        HeldSlots.AddAll([.. slots.OfType<HeldSlot>().Select(slot => slot.Index)]);
    }

    public IReadOnlyList<FeatureDefinition> FeatureDefinitions { get; }

    public IReadOnlyList<ValueBands> Bands { get; }

    public IReadOnlyList<FlipIndex> FlipIndexes { get; }

    /// <summary>By slot.</summary>
    public IReadOnlyList<Formula> Formulas { get; }

    public FormulaProgram Conditions { get; }

    public IReadOnlyList<CompiledSlot> Slots { get; }

    /// <summary>The slots of conditions that must hold for some time.</summary>
    public IndexSet HeldSlots { get; }

    public int FeatureCount => FeatureDefinitions.Count;

    private static ValueBands BandsOf(FeatureDefinition feature, ILookup<int, (ValueTest Test, int Slot)> tests)
    {
        var bands = new ValueBands([.. tests[feature.Index].Select(entry => entry.Test).Distinct()]);
        return bands.Count <= ushort.MaxValue
            ? bands
            : throw new InvalidOperationException($"one value is compared with more than {ushort.MaxValue / 2} others");
    }

    private CompiledSlot[] CompileSlots(IReadOnlyList<SlotDefinition> slots, IReadOnlyList<SegmentDefinition> segments)
    {
        Dictionary<string, SegmentDefinition> byName = segments.ToDictionary(
            segment => segment.Name.Value,
            StringComparer.Ordinal
        );
        ILookup<SlotDefinition, int> dependents = Formulas
            .SelectMany((formula, i) => formula.SelfAndDescendants.OfType<Formula.Slot>().Select(read => (read, i)))
            .Distinct()
            .ToLookup(entry => entry.read.Definition, entry => FeatureCount + entry.i);
        return
        [
            .. slots.Select(slot => new CompiledSlot(
                slot.Index,
                FeatureCount + slot.Index,
                slot is SegmentSlot named ? byName[named.Name] : null,
                (slot as HeldSlot)?.Milliseconds,
                [.. dependents[slot].Order()]
            )),
        ];
    }
}
