namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// What is done about a push that may have been taken or not, once the other side may have forgotten its idempotency
/// key. Before, it is sent again in any case.
/// </summary>
public enum WhenUnknown
{
    /// <summary>It is sent again: better twice than never.</summary>
    PreferDuplicate = 1,

    /// <summary>It ends, with an unknown outcome: better never than twice.</summary>
    PreferLoss = 2,

    /// <summary>It is kept until an operator decides.</summary>
    Hold = 3,
}
