using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>One kind of <see cref="LaneMemory"/> that each customer may have.</summary>
internal sealed class MemoryDefinition(int index, Func<CalendarPeriods, LaneMemory> create)
{
    /// <summary>Its place among a customer's memories.</summary>
    public int Index { get; } = index;

    public LaneMemory Create(CalendarPeriods calendar) => create(calendar);
}
