using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Configuration;

/// <summary>A segment as configured under <c>segments.NAME</c>.</summary>
/// <param name="Actions">Who is a member, and what is pushed on entering and leaving, in order.</param>
/// <param name="PushesBackfill">Whether memberships found by the first evaluation over history are pushed, too.</param>
public sealed record ConfiguredSegment(SegmentActions Actions, bool PushesBackfill);
