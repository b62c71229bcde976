using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Sources;
using StreamSegmenter.Kafka.Tests.Support;

namespace StreamSegmenter.Kafka.Tests.RealCluster;

/// <summary>Mock brokers cannot look records up by time.</summary>
public sealed class SourceStartTests
{
    [Fact]
    public async Task A_source_may_begin_at_an_instant()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("instant", 1);
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
        };
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(settings).Build();
        var sent = new List<DeliveryResult<Null, byte[]>>();
        for (int i = 0; i < 4; i++)
        {
            byte[] page = Encoding.UTF8.GetBytes($$"""{"type":"page","userId":"u{{i}}"}""");
            sent.Add(await producer.ProduceAsync(topic, new() { Value = page }));

            // The next one is to be a later millisecond's.
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        var log = new RecordingLog();
        await using RunningSource source = new(
            broker,
            log,
            new KafkaTopicSource
            {
                Topic = topic,
                Start = SourceStart.Timestamp,
                StartAt = DateTimeOffset.FromUnixTimeMilliseconds(sent[2].Timestamp.UnixTimestampMs),
            }
        );
        await Eventually.HoldsAsync(() => log.Events.Length >= 2, () => $"{log.Events.Length} of 2 events");

        log.Events.Select(e => e.Customer).ShouldBe(["u2", "u3"]);
    }
}
