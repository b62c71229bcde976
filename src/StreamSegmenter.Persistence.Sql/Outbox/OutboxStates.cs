using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Persistence.Sql.Outbox;

internal static class OutboxStates
{
    /// <summary>The counts with one of them set.</summary>
    public static OutboxCounts With(this OutboxCounts counts, PushState state, long pushes) =>
        state switch
        {
            PushState.Pending => counts with { Pending = pushes },
            PushState.Delivered => counts with { Delivered = pushes },
            PushState.Dead => counts with { Dead = pushes },
            PushState.Dropped => counts with { Dropped = pushes },
            PushState.Merged => counts with { Merged = pushes },
            PushState.Unknown => counts with { Unknown = pushes },
            PushState.Held => counts with { Held = pushes },
            PushState.Discarded => counts with { Discarded = pushes },
            _ => throw new InvalidDataException($"The outbox holds pushes of the unknown state {(int)state}."),
        };
}
