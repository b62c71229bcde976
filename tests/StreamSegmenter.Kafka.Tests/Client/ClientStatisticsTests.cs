using System.Threading.Channels;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;

namespace StreamSegmenter.Kafka.Tests.Client;

public sealed class ClientStatisticsTests
{
    [Theory]
    [InlineData("""{ "brokers": {} }""", true)]
    [InlineData("""{ "brokers": { ":0/internal": { "source": "internal" } } }""", true)]
    [InlineData("""{ "brokers": { "GroupCoordinator": { "source": "logical" } } }""", true)]
    [InlineData("""{ "brokers": { "k:9092/bootstrap": { "source": "configured", "state": "DOWN" } } }""", false)]
    [InlineData("""{ "brokers": { "a": { "source": "logical" }, "k:9092/1": { "source": "learned" } } }""", false)]
    [InlineData("""{ "name": "rdkafka#producer-1" }""", false)]
    public void A_client_knows_nobody_when_no_broker_is_left_that_it_was_told_of(string statistics, bool isLost) =>
        ClientStatistics.KnowsNobody(statistics).ShouldBe(isLost);

    [Fact]
    public async Task A_client_that_reaches_its_brokers_or_not_knows_them()
    {
        await using KafkaBroker broker = await KafkaBroker.StartMockAsync();
        var told = Channel.CreateUnbounded<string>();
        using IProducer<byte[], byte[]> client = new ProducerBuilder<byte[], byte[]>([
            new("bootstrap.servers", broker.BootstrapServers),
            new("statistics.interval.ms", "100"),
        ])
            .SetStatisticsHandler((_, statistics) => told.Writer.TryWrite(statistics))
            .SetErrorHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .Build();
        for (int i = 0; i < 10; i++)
        {
            string statistics = await told.Reader.ReadAsync();
            statistics.ShouldContain("\"source\":");
            ClientStatistics.KnowsNobody(statistics).ShouldBeFalse(statistics);
            if (i == 5)
            {
                await broker.TellAsync("down -1");
            }
        }
    }
}
