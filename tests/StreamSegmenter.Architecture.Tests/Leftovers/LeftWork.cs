using System.Text.RegularExpressions;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Leftovers;

/// <summary>The tree holds what is done. What is not goes to the issue tracker, not into a comment or a plan.</summary>
public sealed partial class LeftWork : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        tree
            .Files.SelectMany(file =>
                Marks()
                    .Matches(file.Text)
                    .Select(m => new Finding(file.Path, file.LineAt(m.Index), $"'{m.Value}': do it or drop it"))
            )
            .Concat(
                tree.Files.Where(file => Plans().IsMatch(file.Name))
                    .Select(file => new Finding(file.Path, 0, "plans and notes have no place in the tree"))
            );

    // Written with a bracket each, so that this file does not find itself.
    [GeneratedRegex(
        @"\b(T[O]DO|F[I]XME|H[A]CK|X[X]X)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Marks();

    [GeneratedRegex(
        @"^(plan|notes?|handoff|progress|status|tasks?)\b.*\.(md|txt)$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Plans();
}
