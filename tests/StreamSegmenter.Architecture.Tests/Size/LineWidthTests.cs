using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Size;

public sealed class LineWidthTests : RuleTests<LineWidth>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [(SourceTree.Of(("src/A.cs", "short\n" + new string('x', 121) + "\n")), ["src/A.cs:2"])];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [SourceTree.Of(("src/A.cs", new string('x', 120) + "\r\n"), ("README.md", new string('x', 300)))];
}
