using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.EndToEnd.Tests.Crashes;

/// <summary>A push that has to arrive.</summary>
public sealed record ExpectedPush(string Id, string Connector, OracleTransition Transition);

/// <summary>Works out, from transitions alone, which pushes have to arrive.</summary>
public static class ExpectedPushes
{
    public static IReadOnlyList<ExpectedPush> Of(
        IReadOnlyList<OracleTransition> transitions,
        IReadOnlyList<CrashSegment> segments
    )
    {
        List<ExpectedPush> pushes = [];
        Dictionary<(string Customer, string Segment), long> lastEnters = [];
        foreach (OracleTransition transition in transitions)
        {
            CrashSegment segment = segments.Single(candidate => candidate.Name == transition.Segment);
            if (transition.Entered)
            {
                var who = (transition.Customer, transition.Segment);
                long cooldown = (long)segment.Cooldown.TotalMilliseconds;
                if (lastEnters.TryGetValue(who, out long last) && transition.At < last + cooldown)
                {
                    continue;
                }

                lastEnters[who] = transition.At;
            }

            pushes.AddRange(Of(transition, transition.Entered ? segment.OnEnter : segment.OnExit));
        }

        return pushes;
    }

    private static IEnumerable<ExpectedPush> Of(OracleTransition transition, IReadOnlyList<string> connectors) =>
        connectors.Select(
            (connector, i) =>
            {
                int ordinal = connectors.Take(i + 1).Count(earlier => earlier == connector);
                return new ExpectedPush(
                    PushId.Derive(ToProduct(transition), new(connector), ordinal).Value,
                    connector,
                    transition
                );
            }
        );

    private static Transition ToProduct(OracleTransition transition) =>
        new(
            new(transition.Customer),
            new(transition.Segment),
            transition.Entered ? TransitionKind.Entered : TransitionKind.Exited,
            new(transition.At),
            transition.Cause == "time" ? TransitionCause.Time : TransitionCause.Event,
            transition.Sequence,
            transition.MessageId
        );
}
