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
    PushState State,
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
            OutboxUpdate.Delivered end => After(end, PushState.Delivered, end.At, end.Attempts, reason: null),
            OutboxUpdate.Dead end => After(end, PushState.Dead, end.At, end.Attempts, end.Reason),
            OutboxUpdate.Unknown end => After(end, PushState.Unknown, end.At, end.Attempts, end.Reason),
            OutboxUpdate.Held end => After(end, PushState.Held, end.At, end.Attempts, end.Reason),
            OutboxUpdate.Dropped end => Decided(end, PushState.Dropped, end.At, end.Reason, PolicyVerdict.Drop),
            OutboxUpdate.Merged end => Decided(end, PushState.Merged, end.At, end.Reason, PolicyVerdict.Merge) with
            {
                Into = end.Into,
            },
            _ => null,
        };

    private static Settlement After(
        OutboxUpdate.AfterAttempt end,
        PushState state,
        Timestamp at,
        int attempts,
        string? reason
    ) => new(end.Id, state, at, attempts, reason, end.UnknownAt, Into: null, Verdict: null);

    private static Settlement Decided(
        OutboxUpdate end,
        PushState state,
        Timestamp at,
        string reason,
        PolicyVerdict verdict
    ) => new(end.Id, state, at, Attempts: null, reason, UnknownAt: null, Into: null, verdict);
}
