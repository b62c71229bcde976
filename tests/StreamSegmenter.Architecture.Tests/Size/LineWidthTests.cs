using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Size;

public sealed class LineWidthTests : RuleTests<LineWidth>
{
    private static readonly string Wide = new('x', 121);

    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("src/A.cs", $"short\n{Wide}\n")), ["src/A.cs:2"]),
            (SourceTree.Of(("src/A.cs", $"x = \"{Wide}\";")), ["src/A.cs:1"]),
            (SourceTree.Of(("tests/A.cs", $"// {Wide}\n{Wide}")), ["tests/A.cs:1", "tests/A.cs:2"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [
            SourceTree.Of(("src/A.cs", new string('x', 120) + "\r\n"), ("README.md", Wide)),
            SourceTree.Of(("tests/A.cs", $"x = F(\n\"{Wide}\");")),
        ];
}
