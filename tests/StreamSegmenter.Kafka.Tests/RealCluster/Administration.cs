using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamSegmenter.Kafka.Broker;

namespace StreamSegmenter.Kafka.Tests.RealCluster;

/// <summary>What operators do to topics by their own tools.</summary>
internal sealed class Administration(KafkaBroker broker) : IDisposable
{
    private readonly IAdminClient _client = new AdminClientBuilder([
        new("bootstrap.servers", broker.BootstrapServers),
    ]).Build();

    public bool Shows(string topic) =>
        _client.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Exists(found => found.Topic == topic);

    /// <summary>Waits, too, until one of that name is deleted, which it is not yet when it shows no more.</summary>
    public async Task CreateAsync(string topic, int partitions)
    {
        TopicSpecification wanted = new()
        {
            Name = topic,
            NumPartitions = partitions,
            Configs = new(StringComparer.Ordinal) { ["message.timestamp.type"] = "LogAppendTime" },
        };
        while (!await TryCreateAsync(wanted))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    public Task DeleteAsync(string topic) => _client.DeleteTopicsAsync([topic]);

    public Task WidenAsync(string topic, int partitions) =>
        _client.CreatePartitionsAsync([new() { Topic = topic, IncreaseTo = partitions }]);

    public Task DeleteBeforeAsync(string topic, int partition, long position) =>
        _client.DeleteRecordsAsync([new(topic, partition, position)]);

    private async Task<bool> TryCreateAsync(TopicSpecification wanted)
    {
        try
        {
            await _client.CreateTopicsAsync([wanted]);
            return true;
        }
        catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();
}
