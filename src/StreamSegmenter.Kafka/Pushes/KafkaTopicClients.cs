using Microsoft.Extensions.Logging;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Streams.Pushes.Topics;

namespace StreamSegmenter.Kafka.Pushes;

/// <summary>Topics of Kafka, for connectors. Thread-safe.</summary>
public sealed class KafkaTopicClients(ILoggerFactory loggers) : ITopicClients
{
    public IReadOnlyList<TopicClientProblem> CheckClient(TopicSettings settings) =>
        [.. ClientSettings.Check(settings.Client).Select(error => new TopicClientProblem(error.Name, error.Problem))];

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
