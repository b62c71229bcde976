using System.Text.RegularExpressions;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Documents;

/// <summary>What a document links to within the repository is there.</summary>
public sealed partial class Links : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.With(".md")
        from Match match in Link().Matches(file.Text)
        let target = Resolve(file.Folder, match.Groups["target"].Value)
        where !Exists(tree, target)
        select new Finding(file.Path, file.LineAt(match.Index), $"there is no {target}");

    private static bool Exists(SourceTree tree, string target) =>
        tree.Files.Any(file => file.Path == target || file.Path.StartsWith(target + "/", StringComparison.Ordinal));

    private static string Resolve(string folder, string link)
    {
        var parts = new Stack<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (string part in link.TrimEnd('/').Split('/'))
        {
            if (part == "..")
            {
                parts.TryPop(out _);
            }
            else if (part != ".")
            {
                parts.Push(part);
            }
        }

        return string.Join('/', parts.Reverse());
    }

    // [text](target), without addresses of other places and without the part after #.
    [GeneratedRegex(
        @"\]\((?!https?:|mailto:|#)(?<target>[^)#\s]+)(#[^)]*)?\)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Link();
}
