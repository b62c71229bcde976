namespace StreamSegmenter.Streams.Pushes;

/// <summary>How a push stands; stored as this number.</summary>
public enum PushState
{
    /// <summary>It waits for its turn, or for its next attempt.</summary>
    Pending = 0,

    Delivered = 1,

    /// <summary>Refused, or given up.</summary>
    Dead = 2,

    /// <summary>Ended by policy, unsent.</summary>
    Dropped = 3,

    /// <summary>Sent as a part of another push.</summary>
    Merged = 4,

    /// <summary>Nobody knows whether it was taken, and it is not sent again.</summary>
    Unknown = 5,

    /// <summary>Nobody knows whether it was taken; an operator is to decide.</summary>
    Held = 6,

    /// <summary>Given up by an operator.</summary>
    Discarded = 7,
}

/// <summary>The words for <see cref="PushState"/> in answers and metrics.</summary>
public static class PushStates
{
    public static string Word(this PushState state) =>
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
