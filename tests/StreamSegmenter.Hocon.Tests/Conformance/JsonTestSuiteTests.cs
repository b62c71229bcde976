using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Conformance;

public sealed class JsonTestSuiteTests
{
    private static readonly string Folder = Path.Combine(TestData.Root, "jsontestsuite");

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "y_*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Valid_json_reads_the_same_as_hocon(string file)
    {
        var json = File.ReadAllText(Path.Combine(Folder, file));

        HoconDocument.Parse(json, file).Resolve().ShouldBeTree(JsonTree.Read(json));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Valid_json_reads_the_same_as_a_json_file(string file)
    {
        var json = File.ReadAllText(Path.Combine(Folder, file));
        var options = new HoconReaderOptions { Files = new FolderFiles(Folder) };

        HoconDocument.Load(file, options).Resolve().ShouldBeTree(JsonTree.Read(json));
    }
}
