using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Hosting;

/// <summary>Who watches a node.</summary>
public sealed record NodeObservers(IShardObserver Shards, IDeliveryObserver Deliveries);
