using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>A slot ready to run.</summary>
/// <param name="Segment">The segment whose membership it decides, if it does.</param>
/// <param name="HeldMilliseconds">For a held condition, for how long it must have been true; otherwise null.</param>
/// <param name="Node">Its place among features and slots: all features come before all slots.</param>
/// <param name="Dependents">The nodes of slots that read this one; all are larger.</param>
internal sealed record CompiledSlot(
    int Index,
    int Node,
    SegmentDefinition? Segment,
    long? HeldMilliseconds,
    int[] Dependents
);
