using System.Text.RegularExpressions;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Dependencies;

/// <summary>
/// The core is a function from (state, record or tick) to (state, transitions): it does no input or output, starts no
/// threads and waits for nothing. Clock and randomness are banned everywhere, see <c>eng/BannedSymbols.txt</c>.
/// </summary>
public sealed partial class PureCore : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        where file.Path.StartsWith("src/StreamSegmenter.Segmentation/", StringComparison.Ordinal)
        from Match match in Impure().Matches(file.Code)
        select new Finding(
            file.Path,
            file.LineAt(match.Index),
            $"'{match.Value.Trim()}' has no place in the pure core"
        );

    [GeneratedRegex(
        @"\b(System\.IO|System\.Net|System\.Data|System\.Threading|System\.Diagnostics\.Process|Microsoft\.\w+"
            + @"|File|Directory|FileStream|Console|Environment|Task|ValueTask|Thread|ThreadPool|Timer"
            + @"|async|await|lock)\b"
            + @"(?!\s*=)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Impure();
}
