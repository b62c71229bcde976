using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;

namespace StreamSegmenter.Persistence.Sql.Outbox;

/// <summary>The end of a push, as its row takes it.</summary>
/// <param name="Attempts">Null leaves what is there.</param>
/// <param name="UnknownAt">Replaces what is there, unless <paramref name="Verdict"/> says that policy ended it.</param>
/// <param name="Verdict">Null when it was no decision of policy.</param>
internal readonly record struct Settlement(
    PushId Id,
    OutboxState State,
    Timestamp At,
    int? Attempts,
    string? Reason,
    Timestamp? UnknownAt,
    PushId? Into,
    PolicyVerdict? Verdict
)
{
    /// <summary>Null when the update leaves the push pending.</summary>
    public static Settlement? Of(OutboxUpdate update) =>
        update switch
        {
            OutboxUpdate.Delivered end => After(end, OutboxState.Delivered, end.At, attempts: null, reason: null),
            OutboxUpdate.Dead end => After(end, OutboxState.Dead, end.At, end.Attempts, end.Reason),
            OutboxUpdate.Unknown end => After(end, OutboxState.Unknown, end.At, end.Attempts, end.Reason),
            OutboxUpdate.Held end => After(end, OutboxState.Held, end.At, end.Attempts, end.Reason),
            OutboxUpdate.Dropped end => Decided(end, OutboxState.Dropped, end.At, end.Reason, PolicyVerdict.Drop),
            OutboxUpdate.Merged end => Decided(end, OutboxState.Merged, end.At, end.Reason, PolicyVerdict.Merge) with
            {
                Into = end.Into,
            },
            _ => null,
        };

    private static Settlement After(
        OutboxUpdate.AfterAttempt end,
        OutboxState state,
        Timestamp at,
        int? attempts,
        string? reason
    ) => new(end.Id, state, at, attempts, reason, end.UnknownAt, Into: null, Verdict: null);

    private static Settlement Decided(
        OutboxUpdate end,
        OutboxState state,
        Timestamp at,
        string reason,
        PolicyVerdict verdict
    ) => new(end.Id, state, at, Attempts: null, reason, UnknownAt: null, Into: null, verdict);
}
