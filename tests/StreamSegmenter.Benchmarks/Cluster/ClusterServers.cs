using Confluent.Kafka;
using StreamSegmenter.Benchmarks.Throughput;
using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Benchmarks.Cluster;

/// <summary>Brokers with a shop's events in a topic, and a database.</summary>
internal sealed class ClusterServers : IAsyncDisposable
{
    public const int Partitions = 8;

    private ClusterServers(KafkaBroker broker, ShopStream stream, NodeWork work) =>
        (Broker, Stream, Work) = (broker, stream, work);

    public KafkaBroker Broker { get; }

    public ShopStream Stream { get; }

    /// <summary>For a node that applies the topic.</summary>
    public NodeWork Work { get; }

    public static async Task<ClusterServers> StartAsync(int events)
    {
        KafkaBroker broker = await KafkaBroker.StartAsync();
        PostgresServer postgres = await PostgresServer.SharedAsync();
        string topic = await broker.CreateTopicAsync("shop", Partitions);
        var stream = new ShopStream(ShopShape.Browsers, events);
        Produce(broker, topic, stream);
        return new(
            broker,
            stream,
            new(
                broker.BootstrapServers,
                topic,
                events,
                stream.End.Milliseconds,
                postgres.ConnectionString,
                postgres.Password
            )
        );
    }

    /// <summary>Runs a node for each range of partitions, over a new schema.</summary>
    /// <param name="pinned">Each on a core of its own.</param>
    public Task<NodeCost> RunAsync(bool pinned, params (int First, int End)[] ranges)
    {
        string schema = $"s{Guid.NewGuid():n}";
        return Worker.MeasureAsync([
            .. ranges.Select((range, core) => Work.Start(pinned ? core : null, schema, range.First, range.End)),
        ]);
    }

    public ValueTask DisposeAsync() => Broker.DisposeAsync();

    /// <summary>Records bear the times of the stream, so that windows are as full as elsewhere.</summary>
    private static void Produce(KafkaBroker broker, string topic, ShopStream stream)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["enable.idempotence"] = "true",
            ["compression.type"] = "lz4",
            ["linger.ms"] = "20",
            ["queue.buffering.max.messages"] = "1000000",
        };
        using IProducer<string, byte[]> producer = new ProducerBuilder<string, byte[]>(settings).Build();
        for (int i = 0; i < stream.Count; i++)
        {
            ShopEvent @event = stream[i];
            producer.Produce(
                new TopicPartition(topic, Murmur2.PartitionOf(@event.Customer, Partitions).Value),
                new()
                {
                    Key = @event.Customer.Value,
                    Value = @event.Payload.ToArray(),
                    Timestamp = new(@event.LogTime.Milliseconds, TimestampType.CreateTime),
                }
            );
        }

        producer.Flush();
    }
}
