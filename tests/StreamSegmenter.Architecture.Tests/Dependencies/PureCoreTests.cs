using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Dependencies;

public sealed class PureCoreTests : RuleTests<PureCore>
{
    private const string Core = "src/StreamSegmenter.Segmentation/A.cs";

    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of((Core, "using System.Net.Http;\n")), [$"{Core}:1"]),
            (SourceTree.Of((Core, "x\nvar text = File.ReadAllText(path);\n")), [$"{Core}:2"]),
            (SourceTree.Of((Core, "async void Run() { }\n")), [$"{Core}:1"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [
            SourceTree.Of((Core, "// a File on a Thread\nvar text = \"System.IO\";\n")),
            SourceTree.Of(("src/StreamSegmenter.Streams/A.cs", "using System.Net.Http;\n")),
        ];
}
