using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>What a relay may do about one customer now. All of it is on stable storage.</summary>
/// <param name="Go">May be attempted now; null when nothing may.</param>
/// <param name="AskAgain">
/// When the customer's other pushes to the connector have to be asked about: now when another may follow as soon as
/// <paramref name="Go"/> has its outcome; <see cref="Timestamp.Never"/> when there is none.
/// </param>
/// <param name="Ended">Pushes that policy ended.</param>
internal readonly record struct DeskAnswer(
    PendingPush? Go,
    Timestamp AskAgain,
    IReadOnlyList<(Push Push, OutboxUpdate End)> Ended
);
