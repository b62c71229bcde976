using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Conformance.Support;
using Xunit.Abstractions;

[assembly: TestFramework(
    "StreamSegmenter.Persistence.Sql.Tests.Postgres.PostgresTestFramework",
    "StreamSegmenter.Persistence.Sql.Tests"
)]

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

/// <summary>Skips what needs PostgreSQL where there is none.</summary>
public sealed class PostgresTestFramework(IMessageSink messages) : SkippingTestFramework(messages)
{
    protected override string? WhyNot(ITypeInfo testClass) =>
        testClass.Name.Contains("Postgres", StringComparison.Ordinal) ? PostgresServer.Missing : null;
}
