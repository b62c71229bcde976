using System.Collections.Immutable;

namespace StreamSegmenter.Architecture.Tests.Reading;

/// <summary>The texts that people wrote, of the repository or of a sample.</summary>
public sealed record SourceTree(ImmutableArray<SourceFile> Files)
{
    private const string RootMark = "StreamSegmenter.sln";

    private static readonly string[] Texts =
    [
        ".cs",
        ".csproj",
        ".props",
        ".targets",
        ".sln",
        ".conf",
        ".config",
        ".json",
        ".md",
        ".txt",
        ".sh",
        ".js",
        ".py",
        ".yml",
        ".yaml",
        ".sql",
        ".editorconfig",
        "",
    ];

    // What tools make, and what others wrote and tests read.
    private static readonly string[] NotOurs =
    [
        ".git",
        ".vs",
        ".idea",
        "bin",
        "obj",
        "node_modules",
        "TestResults",
        "TestData",
        "BenchmarkDotNet.Artifacts",
    ];

    private static readonly Lazy<SourceTree> Loaded = new(() => Load(FindRoot()));

    /// <summary>The repository that these tests were built from.</summary>
    public static SourceTree Repository => Loaded.Value;

    public IEnumerable<SourceFile> CSharp => With(".cs");

    public IEnumerable<SourceFile> ProductCode => CSharp.Where(IsProduct);

    public IEnumerable<SourceFile> Projects => With(".csproj");

    public static SourceTree Of(params (string Path, string Text)[] files) =>
        new([.. files.Select(file => new SourceFile(file.Path, file.Text))]);

    public static bool IsProduct(SourceFile file) => file.Path.StartsWith("src/", StringComparison.Ordinal);

    public IEnumerable<SourceFile> With(string ending) =>
        Files.Where(file => file.Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    public SourceFile? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    private static SourceTree Load(string root) =>
        new([
            .. Walk(new DirectoryInfo(root))
                .Select(file => Read(root, file))
                .OrderBy(f => f.Path, StringComparer.Ordinal),
        ]);

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder
            .EnumerateFiles()
            .Where(file => Texts.Contains(file.Extension))
            .Concat(folder.EnumerateDirectories().Where(child => !NotOurs.Contains(child.Name)).SelectMany(Walk));

    private static SourceFile Read(string root, FileInfo file) =>
        new(Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, RootMark)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"There is no {RootMark} above these tests.");
    }
}
