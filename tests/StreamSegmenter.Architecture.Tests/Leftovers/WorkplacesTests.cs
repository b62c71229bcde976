using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Leftovers;

public sealed class WorkplacesTests : RuleTests<Workplaces>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("hocon/a.conf", "a = 1\ndir = \"/ho" + "me/ann/data\"")), ["hocon/a.conf:2"]),
            (
                SourceTree.Of(("tests/package-lock.json", "https://registry.npm" + "js.org/a.tgz")),
                ["tests/package-lock.json:1"]
            ),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [SourceTree.Of(("docs/a.md", "/var/lib/segmenter, https://docs.example.com/home/a, a/work/b, /v1/track"))];
}
