using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Build;

public sealed class PackagesTests : RuleTests<Packages>
{
    private const string Versioned = "<Project>\n<PackageReference Include=\"A\" Version=\"1.0.0\" />\n</Project>";

    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("src/X/X.csproj", "<Project />"), ("src/Y/packages.lock.json", "{}")), ["src/X/X.csproj"]),
            (SourceTree.Of(("src/X/X.csproj", Versioned), ("src/X/packages.lock.json", "{}")), ["src/X/X.csproj:2"]),
            (SourceTree.Of(("NuGet.config", "<configuration />")), ["NuGet.config"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [SourceTree.Of(("src/X/X.csproj", "<Project />"), ("src/X/packages.lock.json", "{}"))];
}
