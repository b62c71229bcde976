using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>A slot ready to run.</summary>
/// <param name="Segment">The segment whose membership it decides, if it does.</param>
/// <param name="HeldMilliseconds">For a held condition, for how long it must have been true; otherwise null.</param>
/// <param name="Dependents">Slots that read this one; all have larger indexes.</param>
internal sealed record CompiledSlot(
    int Index,
    CompiledCondition Condition,
    SegmentDefinition? Segment,
    long? HeldMilliseconds,
    int[] Dependents
);
