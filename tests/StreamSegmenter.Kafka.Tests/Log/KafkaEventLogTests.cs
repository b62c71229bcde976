using StreamSegmenter.Conformance.Log;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Log;

/// <summary>A log on a topic of its own for each test.</summary>
public sealed class KafkaLogFixture : EventLogFixture
{
    private KafkaEventLog? _log;

    public override IEventLogWriter Writer => _log!;

    public override IEventLogReader Reader => _log!;

    public override async Task InitializeAsync()
    {
        KafkaBroker broker = await SharedBroker.Get();
        string topic = await broker.CreateTopicAsync("conformance", PartitionCount);
        _log = await TestClients.OpenAsync(broker, TestClients.Options(broker, topic));
    }

    public override Task DisposeAsync()
    {
        _log?.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class KafkaEventLogConformanceTests : EventLogConformance<KafkaLogFixture>;
