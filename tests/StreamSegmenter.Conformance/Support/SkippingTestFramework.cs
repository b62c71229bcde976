using Xunit.Abstractions;
using Xunit.Sdk;

namespace StreamSegmenter.Conformance.Support;

/// <summary>
/// Skips tests that need a program which is not here, inherited ones too, and says which. An assembly names its own
/// with <see cref="TestFrameworkAttribute"/>.
/// </summary>
public abstract class SkippingTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    /// <summary>Why the tests of a class cannot run here, and what to do about it; null when they can.</summary>
    protected abstract string? WhyNot(ITypeInfo testClass);

    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(this, assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(
        SkippingTestFramework framework,
        IAssemblyInfo assembly,
        ISourceInformationProvider sources,
        IMessageSink messages
    ) : XunitTestFrameworkDiscoverer(assembly, sources, messages)
    {
        protected override bool FindTestsForMethod(
            ITestMethod testMethod,
            bool includeSourceInformation,
            IMessageBus messageBus,
            ITestFrameworkDiscoveryOptions discoveryOptions
        )
        {
            bool isTest = testMethod.Method.GetCustomAttributes(typeof(FactAttribute)).Any();
            return isTest && framework.WhyNot(testMethod.TestClass.Class) is { } reason
                ? ReportDiscoveredTestCase(
                    new SkippedTest(DiagnosticMessageSink, testMethod, reason),
                    includeSourceInformation,
                    messageBus
                )
                : base.FindTestsForMethod(testMethod, includeSourceInformation, messageBus, discoveryOptions);
        }
    }

    /// <summary>A test that cannot run here.</summary>
    public sealed class SkippedTest : XunitTestCase
    {
        private string _reason = "";

        [Obsolete("For the runner, which makes it from its serialized form.")]
        public SkippedTest() { }

        public SkippedTest(IMessageSink messages, ITestMethod method, string reason)
            : base(messages, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method) =>
            _reason = reason;

        public override void Serialize(IXunitSerializationInfo data)
        {
            base.Serialize(data);
            data.AddValue(nameof(_reason), _reason);
        }

        public override void Deserialize(IXunitSerializationInfo data)
        {
            _reason = data.GetValue<string>(nameof(_reason));
            base.Deserialize(data);
        }

        protected override string GetSkipReason(IAttributeInfo factAttribute) => _reason;
    }
}
