using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Build;

public sealed class BannedSymbolsTests : RuleTests<BannedSymbols>
{
    private const string List = "eng/BannedSymbols.txt";
    private const string Props = "Directory.Build.props";

    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (With(List, text => text.Replace("P:System.DateTime.UtcNow;", "P:System.DateTime.Other;")), [List]),
            (With(Props, text => text.Replace("eng/BannedSymbols.txt", "eng/Other.txt")), [Props]),
            (With("src/X/A.cs", _ => "x\n#pragma warning disable RS0030\n"), ["src/X/A.cs:2"]),
            (With("src/X/X.csproj", _ => "<AdditionalFiles Remove=\"@(AdditionalFiles)\" />"), ["src/X/X.csproj:1"]),
        ];

    /// <summary>The repository's own list and properties, and one file changed or added.</summary>
    private static SourceTree With(string path, Func<string, string> change)
    {
        var repository = SourceTree.Repository;
        var paths = new[] { List, Props, path }.Distinct(StringComparer.Ordinal);
        return SourceTree.Of([
            .. paths.Select(p => (p, p == path ? change(repository.Find(p)?.Text ?? "") : repository.Find(p)!.Text)),
        ]);
    }
}
