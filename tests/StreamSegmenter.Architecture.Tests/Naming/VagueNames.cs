using System.Text.RegularExpressions;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Naming;

/// <summary>
/// A type is named for what it is. <c>Manager</c>, <c>Helper</c> and their kin say only that it does something.
/// </summary>
public sealed partial class VagueNames : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        tree
            .CSharp.SelectMany(file =>
                DeclarationScanner
                    .Scan(file)
                    .Where(type => type.TypeName is not null && Vague().IsMatch(type.TypeName))
                    .Select(type => new Finding(file.Path, type.FirstLine, $"'{type.TypeName}' needs a real noun"))
            )
            .Concat(
                tree.CSharp.Where(file => file.Folder.Split('/').Any(folder => Vague().IsMatch(folder)))
                    .Select(file => new Finding(file.Path, 0, "its folder needs the name of a feature"))
            );

    [GeneratedRegex(
        "(Manager|Helpers?|Util|Utils|Utility|Utilities|Misc|Common|Stuff)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Vague();
}
