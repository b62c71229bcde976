namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>Counts deliveries, and tells them to another observer.</summary>
public sealed class CountedDeliveries(IDeliveryObserver observer, PushInstruments instruments) : IDeliveryObserver
{
    public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took)
    {
        instruments.Attempted(push.Connector, result.Outcome);
        observer.AttemptEnded(push, result, took);
    }

    public void PushFinished(Push push, OutboxUpdate end)
    {
        instruments.Ended(push.Connector, end);
        observer.PushFinished(push, end);
    }
}
