using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Naming;

public sealed class VagueNamesTests : RuleTests<VagueNames>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("src/A/Segments.cs", "x;\nclass SegmentManager { }")), ["src/A/Segments.cs:2"]),
            (SourceTree.Of(("tests/A/T.cs", "static class JsonUtils;")), ["tests/A/T.cs:1"]),
            (SourceTree.Of(("src/A/Common/Text.cs", "class Text;")), ["src/A/Common/Text.cs"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [SourceTree.Of(("src/A/Text.cs", "// a Helper\nclass Text { const string Name = \"class Manager\"; }"))];
}
