namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>What the rules read of events of one name.</summary>
internal sealed class EventReading(LaneDefinition[] lanes)
{
    public LaneDefinition[] Lanes { get; } = lanes;

    /// <summary>
    /// How long such an event can be inside some window, in milliseconds; <see cref="long.MaxValue"/> for ever.
    /// </summary>
    public long Lookback { get; } =
        lanes
            .Select(lane => lane.NeedsAllForEver || lane.NeedsNewestForEver ? long.MaxValue : lane.Lookback)
            .DefaultIfEmpty(0)
            .Max();
}
