using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;

namespace StreamSegmenter.Kafka.Topics;

/// <summary>Looks after topics. Thread-safe.</summary>
public sealed class KafkaTopics(KafkaClients clients)
{
    /// <summary>How many partitions the topic has.</summary>
    /// <exception cref="KafkaSetupException">There is no such topic.</exception>
    /// <exception cref="KafkaUnavailableException">The cluster does not answer.</exception>
    public async ValueTask<int> CountPartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            using IAdminClient admin = clients.Admin();

            // Of all topics: to ask for one by name makes some clusters create it.
            Metadata metadata = await Task.Run(
                () => admin.GetMetadata(clients.Options.RequestTimeout),
                cancellationToken
            );
            TopicMetadata? found = metadata.Topics.Find(t => t.Topic == topic && t.Error.Code == ErrorCode.NoError);
            return found?.Partitions.Count
                ?? throw new KafkaSetupException(
                    $"The cluster at {clients.Options.BootstrapServers} has no topic {topic}, or does not show it to "
                        + "us: create it with 'segctl topics create', or allow us to describe it."
                );
        }
        catch (KafkaException e)
        {
            throw KafkaClients.Classify(e, $"looking for topic {topic}");
        }
    }
}
