namespace StreamSegmenter.Oracle;

/// <summary>
/// What a run makes of its input: transitions by (at, customer, segment), all ordinal, ties in order of happening; dead
/// letters in order of the input.
/// </summary>
public sealed record OracleResult(
    IReadOnlyList<OracleTransition> Transitions,
    IReadOnlyList<OracleDeadLetter> DeadLetters
)
{
    /// <summary>Events that count, but say of consents what nobody can read; in order of the input.</summary>
    public IReadOnlyList<OracleDeadLetter> UnreadConsents { get; init; } = [];
}

/// <summary>
/// One change of membership, at milliseconds since 1970 UTC. Cause is <c>event</c>, with the event's messageId if it
/// has one, or <c>time</c>. Sequence counts from 1, per customer and segment.
/// </summary>
public sealed record OracleTransition(
    long At,
    string Customer,
    string Segment,
    bool Entered,
    string Cause,
    string? MessageId,
    int Sequence
);

/// <summary>A line, counted from 1, that is no event or not clear, and why.</summary>
public sealed record OracleDeadLetter(int Line, string Reason, string Text);
