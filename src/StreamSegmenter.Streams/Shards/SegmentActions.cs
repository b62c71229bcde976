using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Streams.Shards;

/// <summary>One push that a transition causes.</summary>
/// <param name="Options">A JSON object in UTF-8: all keys of the configured entry but <c>to</c>.</param>
public sealed record PushTarget(ConnectorName To, ReadOnlyMemory<byte> Options);

/// <summary>What entering and leaving one segment causes.</summary>
public sealed record SegmentActions(
    SegmentDefinition Segment,
    IReadOnlyList<PushTarget> OnEnter,
    IReadOnlyList<PushTarget> OnExit
);
