using System.Xml.Linq;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Build;

/// <summary>
/// The product takes its clock, its randomness and its waits from outside: the list of banned symbols names what would
/// break that, every product project uses it, and none switches it off.
/// </summary>
public sealed class BannedSymbols : IRule
{
    private const string ListPath = "eng/BannedSymbols.txt";
    private const string PropsPath = "Directory.Build.props";

    private static readonly string[] Needed =
    [
        "P:System.DateTime.Now",
        "P:System.DateTime.UtcNow",
        "P:System.DateTime.Today",
        "P:System.DateTimeOffset.Now",
        "P:System.DateTimeOffset.UtcNow",
        "P:System.Environment.TickCount64",
        "M:System.Diagnostics.Stopwatch.StartNew",
        "M:System.Random.#ctor",
        "P:System.Random.Shared",
        "M:System.Guid.NewGuid",
        "M:System.Threading.Thread.Sleep(System.Int32)",
        "M:System.Threading.Thread.Sleep(System.TimeSpan)",
        "M:System.Threading.Tasks.Task.Delay(System.TimeSpan)",
        "M:System.Threading.Tasks.Task.Wait",
        "P:System.Threading.Tasks.Task`1.Result",
    ];

    public IEnumerable<Finding> Check(SourceTree tree) =>
        CheckList(tree).Concat(CheckProps(tree)).Concat(CheckUse(tree));

    private static IEnumerable<Finding> CheckList(SourceTree tree)
    {
        var banned = (tree.Find(ListPath)?.Lines ?? [])
            .Select(line => line.Split(';')[0])
            .ToHashSet(StringComparer.Ordinal);
        return Needed
            .Where(symbol => !banned.Contains(symbol))
            .Select(symbol => new Finding(ListPath, 0, $"{symbol} must be banned"));
    }

    private static IEnumerable<Finding> CheckProps(SourceTree tree)
    {
        var items = tree.Find(PropsPath) is { } props ? XDocument.Parse(props.Text).Descendants("ItemGroup") : [];
        bool isInUse = items.Any(group =>
            ((string?)group.Attribute("Condition") ?? "").Contains("/src/", StringComparison.Ordinal)
            && Includes(group, "AdditionalFiles", ListPath)
            && Includes(group, "PackageReference", "BannedApiAnalyzers")
        );
        return isInUse ? [] : [new(PropsPath, 0, $"projects under src/ must use {ListPath} with its analyzer")];
    }

    private static bool Includes(XElement group, string element, string ending) =>
        group
            .Elements(element)
            .Any(e => ((string?)e.Attribute("Include") ?? "").EndsWith(ending, StringComparison.Ordinal));

    private static IEnumerable<Finding> CheckUse(SourceTree tree) =>
        from file in tree.Files
        where SourceTree.IsProduct(file)
        from line in file.Lines.Index()
        where line.Item.Contains("RS0030") || (line.Item.Contains("AdditionalFiles") && line.Item.Contains("Remove"))
        select new Finding(file.Path, line.Index + 1, "the ban may not be lifted here: pass the thing in instead");
}
