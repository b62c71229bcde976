using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;

namespace StreamSegmenter.Persistence.Sql.Outbox;

/// <summary>A row of the outbox in whatever state.</summary>
internal static class PushRow
{
    /// <summary>Behind those of a pending push, in the order of <see cref="Of"/>.</summary>
    public const string FurtherColumns = "state, settled_at, reason, merged_into";

    public static StoredPush Of(PendingPush push, int state, long? settledAt, string? reason, string? mergedInto) =>
        new(
            push.Place,
            push.Push,
            (PushState)state,
            push.MadeAt,
            push.NotBefore,
            settledAt is { } at ? new Timestamp(at) : null,
            reason
        )
        {
            GrantedAt = push.GrantedAt,
            UnknownAt = push.UnknownAt,
            MergedInto = mergedInto is null ? null : new PushId(mergedInto),
        };
}
