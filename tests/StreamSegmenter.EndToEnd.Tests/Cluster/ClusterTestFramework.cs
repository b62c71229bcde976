using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Kafka.Broker;
using Xunit.Abstractions;

[assembly: TestFramework(
    "StreamSegmenter.EndToEnd.Tests.Cluster.ClusterTestFramework",
    "StreamSegmenter.EndToEnd.Tests"
)]

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>Skips what needs brokers, PostgreSQL or kcat where one of them is missing.</summary>
public sealed class ClusterTestFramework(IMessageSink messages) : SkippingTestFramework(messages)
{
    protected override string? WhyNot(ITypeInfo testClass) =>
        testClass.Name.StartsWith(typeof(ClusterTestFramework).Namespace!, StringComparison.Ordinal)
            ? KafkaBroker.Missing
                ?? PostgresServer.Missing
                ?? Kcat.Missing
                ?? (testClass.Name.EndsWith("OutageTests", StringComparison.Ordinal) ? KafkaBroker.Immortal : null)
            : null;
}
