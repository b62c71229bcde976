using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Build;

public sealed class SolutionHoldsAllTests : RuleTests<SolutionHoldsAll>
{
    private const string Project = "src/X/X.csproj";

    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [(SourceTree.Of((Project, "<Project />"), ("A.sln", "\"src\\X\\XY.csproj\"")), [Project])];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [SourceTree.Of((Project, "<Project />"), ("A.sln", "Project(\"{1}\") = \"X\", \"src\\X\\X.csproj\", \"{2}\""))];
}
