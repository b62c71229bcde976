using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Persistence.Sql.Outbox;

/// <summary>How a row of the outbox stands; stored as this number.</summary>
internal enum OutboxState
{
    Pending = 0,
    Delivered = 1,
    Dead = 2,
}

internal static class OutboxStates
{
    /// <summary>The counts with one of them set.</summary>
    public static OutboxCounts With(this OutboxCounts counts, OutboxState state, long pushes) =>
        state switch
        {
            OutboxState.Pending => counts with { Pending = pushes },
            OutboxState.Delivered => counts with { Delivered = pushes },
            _ => counts with { Dead = pushes },
        };
}
