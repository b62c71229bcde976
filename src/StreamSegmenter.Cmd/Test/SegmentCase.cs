using StreamSegmenter.Hocon;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Test;

/// <summary>The cases of one file and the configuration that they are about.</summary>
internal sealed record CaseFile(string Path, NodeConfiguration Configuration, IReadOnlyList<SegmentCase> Cases);

/// <summary>Events, and what must come of them.</summary>
/// <param name="Place">Where it was written.</param>
/// <param name="Clock">Tells its times as they were written.</param>
/// <param name="Events">In the order in which they are received.</param>
/// <param name="Until">Where the clock stops.</param>
/// <param name="Timelines">Whoever is here has exactly these moves, none if the list is empty.</param>
/// <param name="Memberships">What must hold at single instants.</param>
internal sealed record SegmentCase(
    string Name,
    HoconOrigin Place,
    CaseClock Clock,
    IReadOnlyList<CaseEvent> Events,
    Timestamp Until,
    IReadOnlyList<(Membership Of, IReadOnlyList<ExpectedMove> Moves)> Timelines,
    IReadOnlyList<ExpectedMembership> Memberships
);

/// <summary>A customer and a segment.</summary>
internal readonly record struct Membership(CustomerId Customer, SegmentName Segment);

/// <param name="Json">The event as it would come from outside.</param>
internal sealed record CaseEvent(HoconOrigin Place, Timestamp Received, ReadOnlyMemory<byte> Json);

/// <param name="Cause">Null when it does not matter.</param>
/// <param name="Sends">Names of connectors in order; null when it does not matter.</param>
internal sealed record ExpectedMove(
    TransitionKind Kind,
    Timestamp At,
    TransitionCause? Cause,
    IReadOnlyList<string>? Sends
);

internal sealed record ExpectedMembership(Membership Of, Timestamp At, bool IsMember);
