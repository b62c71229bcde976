using System.Diagnostics;
using Confluent.Kafka;
using StreamSegmenter.Benchmarks.Throughput;
using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Benchmarks.Cluster;

/// <summary>
/// Nodes on Kafka and PostgreSQL, each a process pinned to one core: events from a topic to committed transitions,
/// beside a consumer that does nothing but count bytes, and two nodes beside one, beside two engines that share nothing
/// but the machine. <c>cluster [events]</c>; brokers and database run on the same machine, where they like.
/// </summary>
internal static class ClusterReport
{
    private const int Partitions = 8;
    private const int Rounds = 2;

    public static async Task<int> RunAsync(int events)
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync();
        PostgresServer postgres = await PostgresServer.SharedAsync();
        string topic = await broker.CreateTopicAsync("shop", Partitions);
        var stream = new ShopStream(ShopShape.Browsers, events);
        Produce(broker, topic, stream);
        var work = new NodeWork(
            broker.BootstrapServers,
            topic,
            stream.End.Milliseconds,
            postgres.ConnectionString,
            postgres.Password
        );
        Console.WriteLine(
            $"{events:N0} events of {stream.Bytes / events:N0} bytes in {Partitions} partitions on "
                + $"{(broker.IsMock ? "librdkafka's mock brokers" : broker.BootstrapServers)}, "
                + $"{Environment.ProcessorCount} processors"
        );

        NodeCost bare = default;
        NodeCost free = default;
        NodeCost one = default;
        NodeCost lone = default;
        NodeCost two = default;
        NodeCost compute = default;
        NodeCost computeTwo = default;
        for (int round = 0; round < Rounds; round++)
        {
            bare = bare.Or(new(events, ReadBare(broker, topic, events).TotalSeconds, 0));
            free = free.Or(await RunAsync(work, pinned: false, (0, Partitions)));
            one = one.Or(await RunAsync(work, pinned: true, (0, Partitions)));
            lone = lone.Or(await RunAsync(work, pinned: true, (0, Partitions / 2)));
            two = two.Or(await RunAsync(work, pinned: true, (0, Partitions / 2), (Partitions / 2, Partitions)));
            compute = compute.Or(await Worker.MeasureAsync(ComputeWork.Start(0)));
            computeTwo = computeTwo.Or(await Worker.MeasureAsync(ComputeWork.Start(0), ComputeWork.Start(1)));
        }

        Print("bare consumer, counting bytes", bare);
        Print("one node on all cores", free);
        Console.WriteLine($"  {free.Rate / bare.Rate:P0} of the bare consumer");
        Print("one node on one core", one);
        Print("one node on one core, half the partitions", lone);
        Print("two nodes on a core each, half of them each", two);
        Console.WriteLine(
            $"  {two.Rate / one.Rate:N2} times one node's work on all partitions, {two.Rate / lone.Rate:N2} times on half"
        );
        Print("engine in memory on one core", compute);
        Print("two engines in memory on a core each", computeTwo);
        Console.WriteLine($"  {computeTwo.Rate / compute.Rate:N2} times one, which is what the second core is worth");
        return 0;
    }

    private static void Print(string what, NodeCost cost) =>
        Console.WriteLine(
            $"{what, -44} {cost.Rate, 10:N0} events/s"
                + (cost.Processor > 0 ? $", {cost.Events / cost.Processor, 10:N0} a second of processor time" : "")
        );

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

    private static TimeSpan ReadBare(KafkaBroker broker, string topic, int events)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["group.id"] = "bare",
            ["check.crcs"] = "true",
            // By default it rests for a second whenever it has fetched enough ahead, which would flatter the nodes.
            ["fetch.queue.backoff.ms"] = "20",
        };
        long begun = Stopwatch.GetTimestamp();
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(settings).Build();
        consumer.Assign(
            Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning))
        );
        long bytes = 0;
        for (int read = 0; read < events; read++)
        {
            bytes += consumer.Consume(TimeSpan.FromSeconds(30)).Message.Value.Length;
        }

        return bytes > 0 ? Stopwatch.GetElapsedTime(begun) : throw new InvalidOperationException("nothing was read");
    }

    /// <summary>Runs a process for each range of partitions, each on a core of its own, over a new schema.</summary>
    private static Task<NodeCost> RunAsync(NodeWork work, bool pinned, params (int First, int End)[] ranges)
    {
        string schema = $"s{Guid.NewGuid():n}";
        return Worker.MeasureAsync([
            .. ranges.Select((range, core) => work.Start(pinned ? core : null, schema, range.First, range.End)),
        ]);
    }
}
