using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Shape;

public sealed class SilencedWarningsTests : RuleTests<SilencedWarnings>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("src/A.cs", "#pragma warning " + "disable CA2100\nx")), ["src/A.cs:1"]),
            (SourceTree.Of(("src/A.csproj", "<NoWarn" + ">CA1</NoWarn>")), ["src/A.csproj:1"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [SourceTree.Of(("src/A.cs", "#pragma warning disable CA2100 // texts come from this assembly\nx"))];
}
