using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Build;

/// <summary>Every project is in the solution, so that one build and one test run see it.</summary>
public sealed class SolutionHoldsAll : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree)
    {
        string solution = string.Concat(tree.With(".sln").Select(file => file.Text.Replace('\\', '/')));
        return from project in tree.Projects
            where !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal)
            select new Finding(project.Path, 0, "add it to StreamSegmenter.sln");
    }
}
