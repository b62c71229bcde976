using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Documents;

public sealed class LinksTests : RuleTests<Links>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("docs/a.md", "\n[b](b.md)"), ("b.md", "")), ["docs/a.md:2"]),
            (SourceTree.Of(("README.md", "[gone](docs/gone.md#part)")), ["README.md:1"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [
            SourceTree.Of(
                ("docs/x/a.md", "[b](../b.md#c) [site](https://example.com/x.md) [here](#here) [folder](../../docs/)"),
                ("docs/b.md", "")
            ),
        ];
}
