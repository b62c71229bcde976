using System.Text.RegularExpressions;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Shape;

/// <summary>
/// Warnings are errors. One that does not fit is silenced for a folder, or at one place with the reason beside it.
/// </summary>
public sealed partial class SilencedWarnings : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.Files
        where
            file.Path.EndsWith(".cs", StringComparison.Ordinal)
            || file.Path.EndsWith(".csproj", StringComparison.Ordinal)
        from Match match in Silencer().Matches(file.Text)
        select new Finding(file.Path, file.LineAt(match.Index), "say why, or settle it in .editorconfig");

    [GeneratedRegex(
        @"^\s*(#pragma warning disable(?![^\n]*// \w)|#nullable disable)|<(NoWarn|TreatWarningsAsErrors|WarningLevel)>",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Silencer();
}
