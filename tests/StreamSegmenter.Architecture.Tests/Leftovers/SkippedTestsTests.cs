using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Leftovers;

public sealed class SkippedTestsTests : RuleTests<SkippedTests>
{
    private const string Skip = "Sk" + "ip";

    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("tests/A.cs", $"x\n[Fact({Skip} = \"slow\")]")), ["tests/A.cs:2"]),
            (SourceTree.Of(("tests/A.cs", $"[Theory(DisplayName = \"a\", {Skip} = Reason)]")), ["tests/A.cs:1"]),
            (SourceTree.Of(("tests/A.cs", "#if " + "false\n#endif")), ["tests/A.cs:1"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [SourceTree.Of(("tests/A.cs", "[Fact]\nvoid A() => items.Skip(1);\n[FactWith(\"exim4\")]"))];
}
