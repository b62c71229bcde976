using StreamSegmenter.Kafka.Broker;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("StreamSegmenter.Kafka.Tests.Support.KafkaTestFramework", "StreamSegmenter.Kafka.Tests")]

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>
/// Says which Kafka the tests run on; without the native library, skips them and says how to get it.
/// </summary>
public sealed class KafkaTestFramework : XunitTestFramework
{
    public KafkaTestFramework(IMessageSink messages)
        : base(messages)
    {
        string kafka =
            KafkaBroker.Missing is { } missing ? $"no Kafka: {missing}"
            : KafkaBroker.RealCluster is { } servers ? $"Kafka is the cluster at {servers}, by KAFKA_BOOTSTRAP"
            : "Kafka is librdkafka's mock brokers, not Apache Kafka; KAFKA_BOOTSTRAP would name a real cluster";
        messages.OnMessage(new DiagnosticMessage(kafka));
    }

    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkDiscoverer(assembly, sources, messages)
    {
        protected override bool FindTestsForMethod(
            ITestMethod testMethod,
            bool includeSourceInformation,
            IMessageBus messageBus,
            ITestFrameworkDiscoveryOptions discoveryOptions
        )
        {
            bool isTest = testMethod.Method.GetCustomAttributes(typeof(FactAttribute)).Any();
            return KafkaBroker.Missing is not null && isTest
                ? ReportDiscoveredTestCase(
                    new SkippedTest(DiagnosticMessageSink, testMethod),
                    includeSourceInformation,
                    messageBus
                )
                : base.FindTestsForMethod(testMethod, includeSourceInformation, messageBus, discoveryOptions);
        }
    }

    /// <summary>A test that cannot run here.</summary>
    public sealed class SkippedTest : XunitTestCase
    {
        [Obsolete("For the runner, which makes it from its serialized form.")]
        public SkippedTest() { }

        public SkippedTest(IMessageSink messages, ITestMethod method)
            : base(messages, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method) { }

        protected override string GetSkipReason(IAttributeInfo factAttribute) => KafkaBroker.Missing ?? "";
    }
}
