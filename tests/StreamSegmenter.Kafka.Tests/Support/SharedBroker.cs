using StreamSegmenter.Kafka.Broker;

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>
/// One Kafka for all tests that leave it as it is. It ends with this process: mock brokers end with their input.
/// </summary>
internal static class SharedBroker
{
    private static readonly Lazy<Task<KafkaBroker>> s_broker = new(() => KafkaBroker.StartAsync(3));

    public static Task<KafkaBroker> Get() => s_broker.Value;
}
