using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Dependencies;

public sealed class DependencyDirectionsTests : RuleTests<DependencyDirections>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (
                Project("StreamSegmenter.Segmentation", "<PackageReference Include=\"Polly.Core\" />"),
                [At("Segmentation")]
            ),
            (
                Project(
                    "StreamSegmenter.Streams",
                    "<ProjectReference Include=\"..\\StreamSegmenter.Connectors\\StreamSegmenter.Connectors.csproj\" />"
                ),
                [At("Streams")]
            ),
            (Project("StreamSegmenter.New", ""), ["src/StreamSegmenter.New/StreamSegmenter.New.csproj"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [
            Project(
                "StreamSegmenter.Streams",
                "<ProjectReference Include=\"../StreamSegmenter.Segmentation/StreamSegmenter.Segmentation.csproj\" />"
            ),
            SourceTree.Of(("tests/T/T.csproj", "<Project><PackageReference Include=\"Polly.Core\" /></Project>")),
        ];

    private static string At(string project) => $"src/StreamSegmenter.{project}/StreamSegmenter.{project}.csproj:2";

    private static SourceTree Project(string name, string reference) =>
        SourceTree.Of(($"src/{name}/{name}.csproj", $"<Project>\n{reference}\n</Project>"));
}
