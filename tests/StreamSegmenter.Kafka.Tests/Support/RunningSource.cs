using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Sources;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>A source at work, from its start to its disposal.</summary>
internal sealed class RunningSource : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public RunningSource(KafkaBroker broker, RecordingLog log, params KafkaTopicSource[] topics)
    {
        KafkaSource source = new(
            TestClients.Of(broker),
            new()
            {
                Group = "sources-" + topics[0].Topic,
                Topics = topics,
                FetchWait = TimeSpan.FromMilliseconds(20),
                SessionTimeout = TimeSpan.FromSeconds(KafkaBroker.RealCluster is null ? 2 : 6),
                CommitInterval = TimeSpan.FromMilliseconds(100),
                RetryInterval = TimeSpan.FromMilliseconds(10),
                BatchRecords = 100,
            },
            EventLimits.Default,
            log,
            log,
            TestClients.Instruments,
            TimeProvider.System,
            NullLogger<KafkaSource>.Instance
        );
        Running = source.RunAsync(_stop.Token);
    }

    public Task Running { get; }

    /// <summary>Sends records as a producer of others would.</summary>
    public static async Task SendAsync(KafkaBroker broker, string topic, params Message<byte[]?, byte[]?>[] messages)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["partitioner"] = "murmur2_random",
        };
        using IProducer<byte[]?, byte[]?> producer = new ProducerBuilder<byte[]?, byte[]?>(settings).Build();
        await Task.WhenAll(messages.Select(message => producer.ProduceAsync(topic, message)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }
}
