using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.RealCluster;

/// <summary>A log that others write to with transactions, whose ends take positions of their own.</summary>
public sealed class TransactionTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_what_was_committed_is_read_and_the_end_is_reached(bool allowGaps)
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("transactions", 1);
        using KafkaEventLog log = await TestClients.OpenAsync(
            broker,
            TestClients.Options(broker, topic) with
            {
                AllowGaps = allowGaps,
            }
        );
        using IProducer<string, string> producer = new ProducerBuilder<string, string>([
            new("bootstrap.servers", broker.BootstrapServers),
            new("transactional.id", topic),
        ]).Build();
        producer.InitTransactions(s_limit);
        Write("a", "b");
        producer.CommitTransaction(s_limit);
        Write("no", "no");
        producer.AbortTransaction(s_limit);
        Write("c");
        producer.CommitTransaction(s_limit);
        Write("no");
        producer.AbortTransaction(s_limit);

        List<string> read = [];
        LogPosition next = default;
        LogBatch batch;
        do
        {
            batch = await log.ReadAsync(new(0), next, 10, TimeSpan.FromSeconds(1), default);
            read.AddRange(batch.Records.Select(record => Encoding.UTF8.GetString(record.Payload.Span)));
            next = batch.Next;
        } while (batch.Clock is null);

        read.ShouldBe(["a", "b", "c"]);
        next.ShouldBe((await log.GetRangeAsync(new(0), default)).End);

        void Write(params string[] values)
        {
            producer.BeginTransaction();
            Array.ForEach(values, value => producer.Produce(topic, new() { Key = "u", Value = value }));
            producer.Flush(s_limit);
        }
    }
}
