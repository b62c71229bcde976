using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Kafka.Broker;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("StreamSegmenter.Kafka.Tests.Support.KafkaTestFramework", "StreamSegmenter.Kafka.Tests")]

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>
/// Says which Kafka the tests run on; without the native library, skips them and says how to get it.
/// </summary>
public sealed class KafkaTestFramework : SkippingTestFramework
{
    // What librdkafka's mock brokers cannot do.
    private const string RealClusterOnly = "StreamSegmenter.Kafka.Tests.RealCluster.";

    public KafkaTestFramework(IMessageSink messages)
        : base(messages)
    {
        string kafka =
            KafkaBroker.Missing is { } missing ? $"no Kafka: {missing}"
            : KafkaBroker.RealCluster is { } servers ? $"Kafka is the cluster at {servers}, by KAFKA_BOOTSTRAP"
            : "Kafka is librdkafka's mock brokers, not Apache Kafka; KAFKA_BOOTSTRAP would name a real cluster";
        messages.OnMessage(new DiagnosticMessage(kafka));
    }

    protected override string? WhyNot(ITypeInfo testClass) =>
        KafkaBroker.Missing
        ?? (
            testClass.Name.StartsWith(RealClusterOnly, StringComparison.Ordinal) && KafkaBroker.RealCluster is null
                ? "mock brokers cannot do this: name a cluster with KAFKA_BOOTSTRAP"
                : null
        );
}
