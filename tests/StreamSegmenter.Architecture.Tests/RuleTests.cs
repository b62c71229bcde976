using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests;

/// <summary>The repository keeps the rule, and the rule sees when it is broken.</summary>
public abstract class RuleTests<TRule>
    where TRule : IRule, new()
{
    /// <summary>
    /// Trees that break the rule, with the places that the rule must name: <c>path:line</c> or <c>path</c>.
    /// </summary>
    protected abstract IEnumerable<(SourceTree Tree, string[] Places)> Breaches { get; }

    /// <summary>Trees that look like breaches and are none.</summary>
    protected virtual IEnumerable<SourceTree> Lookalikes => [];

    [Fact]
    public void The_repository_keeps_the_rule()
    {
        var findings = new TRule().Check(SourceTree.Repository).ToArray();

        findings.ShouldBeEmpty(string.Join('\n', findings.Select(finding => finding.ToString())));
    }

    [Fact]
    public void A_breach_is_found_where_it_is()
    {
        foreach (var (tree, places) in Breaches)
        {
            new TRule().Check(tree).Select(PlaceOf).ShouldBe(places);
        }
    }

    [Fact]
    public void What_only_looks_like_a_breach_passes()
    {
        foreach (var tree in Lookalikes)
        {
            new TRule().Check(tree).ShouldBeEmpty();
        }
    }

    private static string PlaceOf(Finding finding) =>
        finding.Line > 0 ? $"{finding.Path}:{finding.Line}" : finding.Path;
}
