using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>Clients and logs set up for tests: quick, and content with the producers' time of mock brokers.</summary>
internal static class TestClients
{
    private static readonly Dictionary<string, string> s_quick = new(StringComparer.Ordinal)
    {
        ["topic.metadata.refresh.interval.ms"] = "1000",
    };

    public static KafkaInstruments Instruments { get; } = new();

    public static KafkaClients Of(KafkaBroker broker) =>
        new(new() { BootstrapServers = broker.BootstrapServers, Client = s_quick }, NullLogger<KafkaClients>.Instance);

    public static KafkaLogOptions Options(KafkaBroker broker, string topic) =>
        new()
        {
            Topic = topic,
            Group = topic,
            FetchWait = TimeSpan.FromMilliseconds(20),
            AllowCreateTime = broker.IsMock,
        };

    public static async Task<KafkaEventLog> OpenAsync(KafkaBroker broker, KafkaLogOptions options) =>
        await KafkaEventLog.OpenAsync(Of(broker), options, Instruments, TimeProvider.System, default);
}
