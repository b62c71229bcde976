namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>
/// Watches deliveries, for metrics and for people. Called on the relay's loop, one call at a time per connector,
/// possibly at once for different ones: it must return quickly and must not throw.
/// </summary>
public interface IDeliveryObserver
{
    /// <summary>An attempt ended; its push is not finished before the next call says so.</summary>
    void AttemptEnded(Push push, DeliveryResult result, TimeSpan took);

    /// <summary>
    /// The push needs no further attempt, and that is on stable storage. <paramref name="end"/> is
    /// <see cref="OutboxUpdate.Delivered"/>, <see cref="OutboxUpdate.Dead"/>, <see cref="OutboxUpdate.Unknown"/>,
    /// <see cref="OutboxUpdate.Held"/>, <see cref="OutboxUpdate.Dropped"/> or <see cref="OutboxUpdate.Merged"/>.
    /// </summary>
    void PushFinished(Push push, OutboxUpdate end);
}
