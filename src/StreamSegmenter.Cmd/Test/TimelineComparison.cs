using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Test;

/// <summary>One move of a timeline: expected and happened, or only one of the two.</summary>
internal sealed record ComparedMove(ExpectedMove? Expected, ActualMove? Actual)
{
    public bool Agrees =>
        this is { Expected: { } expected, Actual: { } actual }
        && (expected.Cause is null || expected.Cause == actual.Transition.Cause)
        && (expected.Sends is null || expected.Sends.SequenceEqual(actual.Sends, StringComparer.Ordinal));
}

/// <summary>A timeline as expected beside the one that happened, in order of time.</summary>
internal sealed record TimelineComparison(Membership Of, IReadOnlyList<ComparedMove> Moves)
{
    public bool Agrees => Moves.All(static move => move.Agrees);

    public static TimelineComparison Compare(
        Membership of,
        IReadOnlyList<ExpectedMove> expected,
        IReadOnlyList<ActualMove> actual
    )
    {
        var moves = new List<ComparedMove>();
        int next = 0;
        foreach (var move in expected)
        {
            while (next < actual.Count && IsBefore(actual[next].Transition, move))
            {
                moves.Add(new(null, actual[next++]));
            }

            bool happened = next < actual.Count && IsSame(actual[next].Transition, move);
            moves.Add(new(move, happened ? actual[next++] : null));
        }

        moves.AddRange(actual.Skip(next).Select(static surplus => new ComparedMove(null, surplus)));
        return new(of, moves);
    }

    private static bool IsBefore(Transition actual, ExpectedMove expected) => actual.At < expected.At;

    private static bool IsSame(Transition actual, ExpectedMove expected) =>
        actual.At == expected.At && actual.Kind == expected.Kind;
}
