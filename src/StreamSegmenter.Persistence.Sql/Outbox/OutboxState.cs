using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Persistence.Sql.Outbox;

/// <summary>How a row of the outbox stands; stored as this number.</summary>
internal enum OutboxState
{
    Pending = 0,
    Delivered = 1,
    Dead = 2,
    Dropped = 3,
    Merged = 4,
    Unknown = 5,
    Held = 6,
    Discarded = 7,
}

internal static class OutboxStates
{
    /// <summary>The counts with one of them set.</summary>
    public static OutboxCounts With(this OutboxCounts counts, OutboxState state, long pushes) =>
        state switch
        {
            OutboxState.Pending => counts with { Pending = pushes },
            OutboxState.Delivered => counts with { Delivered = pushes },
            OutboxState.Dead => counts with { Dead = pushes },
            OutboxState.Dropped => counts with { Dropped = pushes },
            OutboxState.Merged => counts with { Merged = pushes },
            OutboxState.Unknown => counts with { Unknown = pushes },
            OutboxState.Held => counts with { Held = pushes },
            OutboxState.Discarded => counts with { Discarded = pushes },
            _ => throw new InvalidDataException($"The outbox holds pushes of the unknown state {(int)state}."),
        };
}
