namespace StreamSegmenter.Segmentation.Tests.Events.Support;

/// <summary>The test data beside the tests.</summary>
internal static class EventFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "TestData");

    public static byte[] Read(params string[] path) => File.ReadAllBytes(Path.Combine([Folder, .. path]));

    public static string[] ReadLines(params string[] path) => File.ReadAllLines(Path.Combine([Folder, .. path]));

    public static IEnumerable<string> NamesIn(params string[] path) =>
        Directory
            .EnumerateFiles(Path.Combine([Folder, .. path]))
            .Select(file => Path.GetFileName(file)!)
            .Order(StringComparer.Ordinal);
}
