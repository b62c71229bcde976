using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Cmd.Test;

/// <summary>What happened.</summary>
/// <param name="Sends">Names of connectors; none when a cooldown forbids it.</param>
internal sealed record ActualMove(Transition Transition, IReadOnlyList<string> Sends);

/// <summary>An event of a case that the engine does not take.</summary>
internal sealed record RefusedEvent(CaseEvent Event, string Reason);

/// <summary>What became of a case.</summary>
internal sealed record CaseOutcome(
    SegmentCase Case,
    IReadOnlyList<RefusedEvent> Refused,
    IReadOnlyList<TimelineComparison> Timelines,
    IReadOnlyList<ExpectedMembership> WrongMemberships
)
{
    public bool Passed =>
        Refused.Count == 0 && WrongMemberships.Count == 0 && Timelines.All(static timeline => timeline.Agrees);
}

/// <summary>Runs cases on the engine, each under a clock of its own.</summary>
internal static class CaseRun
{
    public static CaseOutcome Run(SegmentCase @case, NodeConfiguration configuration)
    {
        var actions = configuration.Segments.ToDictionary(
            static segment => segment.Segment.Name,
            static segment => segment
        );
        var moves = new List<ActualMove>();
        var refused = new List<RefusedEvent>();
        var simulation = new Simulation(
            configuration.Rules,
            configuration.ShardLimits,
            (transition, pushes) =>
                moves.Add(new(transition, pushes ? Targets(actions[transition.Segment], transition.Kind) : []))
        );
        foreach (var e in @case.Events)
        {
            var result = simulation.Feed(e.Json);
            if (result.IsDeadLetter)
            {
                refused.Add(new(e, result.Rejection.Detail));
            }
        }

        simulation.Finish(@case.Until);
        var actual = moves.ToLookup(static move => new Membership(move.Transition.Customer, move.Transition.Segment));
        return new(
            @case,
            refused,
            [.. @case.Timelines.Select(t => TimelineComparison.Compare(t.Of, t.Moves, [.. actual[t.Of]]))],
            [.. @case.Memberships.Where(expected => IsMember(actual[expected.Of], expected) != expected.IsMember)]
        );
    }

    private static bool IsMember(IEnumerable<ActualMove> moves, ExpectedMembership at) =>
        moves.LastOrDefault(move => move.Transition.At <= at.At)?.Transition.Kind == TransitionKind.Entered;

    private static IReadOnlyList<string> Targets(SegmentActions actions, TransitionKind kind) =>
        [.. (kind == TransitionKind.Entered ? actions.OnEnter : actions.OnExit).Select(static push => push.To.Value)];
}
