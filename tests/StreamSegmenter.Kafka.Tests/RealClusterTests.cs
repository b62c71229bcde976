using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Sources;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Kafka.Topics;

namespace StreamSegmenter.Kafka.Tests;

/// <summary>What librdkafka's mock brokers cannot do: look records up by time, and create or describe topics.</summary>
public sealed class RealClusterTests
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

    [Fact]
    public async Task A_topic_is_created_once_and_compared_with_the_plan()
    {
        KafkaBroker broker = await SharedBroker.Get();
        var topics = new KafkaTopics(TestClients.Of(broker));
        TopicPlan plan = new()
        {
            Topic = $"planned-{Guid.NewGuid():n}",
            Partitions = 3,
            Replication = 1,
            MinInSyncReplicas = 1,
            Retention = TimeSpan.FromDays(30),
        };

        (await topics.CreateAsync(plan, default)).ShouldBeTrue();
        await Eventually.HoldsAsync(() => Exists(broker, plan.Topic), () => "the topic does not appear");
        (await topics.CreateAsync(plan with { Partitions = 5 }, default)).ShouldBeFalse();
        (await topics.CountPartitionsAsync(plan.Topic, default)).ShouldBe(3);
        (await topics.CompareAsync(plan, default)).ShouldBeEmpty();

        IReadOnlyList<string> differences = await topics.CompareAsync(
            plan with
            {
                Partitions = 5,
                Retention = null,
            },
            default
        );
        differences.Count.ShouldBe(2);
        differences[0].ShouldContain("3 partitions instead of 5");
        differences[1].ShouldContain("retention.ms is 2592000000 instead of -1");
    }

    private static bool Exists(KafkaBroker broker, string topic)
    {
        using IAdminClient admin = new AdminClientBuilder([new("bootstrap.servers", broker.BootstrapServers)]).Build();
        return admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Exists(t => t.Topic == topic);
    }
}
