namespace StreamSegmenter.Hocon.Tests.Support;

/// <summary>The files copied beside the tests.</summary>
internal static class TestData
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "TestData");

    public static string Lightbend(string name) => Path.Combine(Root, "lightbend", "config", name);

    /// <summary>A data file of two-line cases, separated by empty lines; <c>#</c> starts a comment line.</summary>
    public static TheoryData<string, string> Pairs(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, name))
            .Where(static line => line.Length > 0 && !line.StartsWith('#'))
            .ToList();
        var pairs = new TheoryData<string, string>();
        foreach (var pair in lines.Chunk(2))
        {
            pairs.Add(pair[0], pair[1]);
        }
        return pairs;
    }
}
