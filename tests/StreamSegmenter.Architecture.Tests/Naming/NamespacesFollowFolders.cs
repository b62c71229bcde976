using System.Text.RegularExpressions;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Naming;

/// <summary>The namespace of a file is its folder, so that either leads to the other.</summary>
public sealed partial class NamespacesFollowFolders : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        let expected = string.Join('.', file.Folder.Split('/').Skip(1))
        let declared = Namespace().Match(file.Code)
        where declared.Success && declared.Groups["name"].Value != expected
        select new Finding(
            file.Path,
            file.LineAt(declared.Index),
            $"namespace {declared.Groups["name"].Value} stands in the folder of {expected}"
        );

    [GeneratedRegex(
        @"^namespace\s+(?<name>[\w.]+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Namespace();
}
