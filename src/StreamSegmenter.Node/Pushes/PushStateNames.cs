using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Node.Pushes;

/// <summary>What the API calls the states of pushes.</summary>
internal static class PushStateNames
{
    public static string Of(PushState state) =>
        state switch
        {
            PushState.Pending => "pending",
            PushState.Delivered => "delivered",
            PushState.Dead => "dead",
            PushState.Dropped => "dropped",
            PushState.Merged => "merged",
            PushState.Unknown => "unknown",
            PushState.Held => "held",
            PushState.Discarded => "discarded",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "not a state"),
        };
}
