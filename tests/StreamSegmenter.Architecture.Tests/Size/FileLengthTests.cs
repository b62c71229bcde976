using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Size;

public sealed class FileLengthTests : RuleTests<FileLength>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [(SourceTree.Of(("src/A.cs", FileOf(501)), ("tests/B.cs", FileOf(502))), ["src/A.cs", "tests/B.cs"])];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [SourceTree.Of(("src/A.cs", FileOf(500)), ("docs/long.md", FileOf(600)))];

    private static string FileOf(int lines) => string.Concat(Enumerable.Repeat("// text\n", lines));
}
