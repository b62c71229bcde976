namespace StreamSegmenter.Segmentation.Segments;

/// <summary>A segment as configured.</summary>
/// <param name="Rule">The rule's text: who is a member.</param>
/// <param name="Cooldown">For this long after an enter that was pushed, another enter of the same customer pushes
/// nothing.</param>
public sealed record SegmentDefinition(SegmentName Name, string Description, string Rule, TimeSpan Cooldown)
{
    /// <summary>
    /// Whether those who are members at once when the segment is new or edited cause pushes too. Default false.
    /// </summary>
    public bool BackfillPush { get; init; }
}
