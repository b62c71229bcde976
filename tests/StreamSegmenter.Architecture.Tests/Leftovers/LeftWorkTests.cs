using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Leftovers;

public sealed class LeftWorkTests : RuleTests<LeftWork>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("src/A.cs", "a\n// " + "TO" + "DO: later")), ["src/A.cs:2"]),
            (SourceTree.Of(("docs/a.md", "FIX" + "ME")), ["docs/a.md:1"]),
            (SourceTree.Of(("docs/PLAN.md", "first this")), ["docs/PLAN.md"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes => [SourceTree.Of(("docs/planning.md", "a hackney, to do"))];
}
