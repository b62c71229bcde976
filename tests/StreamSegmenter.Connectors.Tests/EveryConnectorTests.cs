namespace StreamSegmenter.Connectors.Tests;

/// <summary>One contract, of all connectors.</summary>
public sealed class EveryConnectorTests
{
    // It needs librdkafka, which the tests beside its client find.
    private static readonly string[] Elsewhere = ["kafka"];

    [Fact]
    public void Every_type_has_its_conformance_suite()
    {
        var here =
            from suite in typeof(EveryConnectorTests).Assembly.GetTypes()
            where suite.IsSubclassOf(typeof(ConnectorConformance)) && !suite.IsAbstract
            select ((ConnectorConformance)Activator.CreateInstance(suite)!).ConnectorType;

        here.Concat(Elsewhere).Order(StringComparer.Ordinal).ShouldBe(ConnectorFactory.Types);
    }
}
