using Microsoft.Extensions.Logging;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Streams.Pushes.Topics;

namespace StreamSegmenter.Kafka.Pushes;

/// <summary>Topics of Kafka, for connectors. Thread-safe.</summary>
public sealed class KafkaTopicClients(ILoggerFactory loggers) : ITopicClients
{
    public IReadOnlyList<string> CheckClient(TopicSettings settings) =>
        [
            .. from name in settings.Client.Keys
            let reason = ReservedSettings.Reason(name)
            where reason is not null
            select $"setting '{name}' cannot be set: {reason}",
        ];

    public ITopicWriter Open(TopicSettings settings)
    {
        KafkaOptions options = new()
        {
            BootstrapServers = settings.BootstrapServers,
            ClientId = settings.ClientId,
            Client = settings.Client,
        };
        return new KafkaTopicWriter(new(options, loggers.CreateLogger<KafkaClients>()), settings);
    }
}
