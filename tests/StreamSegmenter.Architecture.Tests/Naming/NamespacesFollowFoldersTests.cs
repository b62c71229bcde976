using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Naming;

public sealed class NamespacesFollowFoldersTests : RuleTests<NamespacesFollowFolders>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (
                SourceTree.Of(("src/StreamSegmenter.X/Y/A.cs", "\nnamespace StreamSegmenter.X;")),
                ["src/StreamSegmenter.X/Y/A.cs:2"]
            ),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [
            SourceTree.Of(("src/StreamSegmenter.X/Y/A.cs", "namespace StreamSegmenter.X.Y;")),
            SourceTree.Of(("tests/StreamSegmenter.X/Program.cs", "return 0;")),
        ];
}
