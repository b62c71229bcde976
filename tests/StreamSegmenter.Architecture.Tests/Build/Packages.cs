using StreamSegmenter.Architecture.Tests.Dependencies;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Build;

/// <summary>
/// A build restores the same packages everywhere: versions stand in one place, each project has its lock file, and
/// where packages come from is the machine's business.
/// </summary>
public sealed class Packages : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        Unlocked(tree).Concat(Versioned(tree)).Concat(Configured(tree));

    private static IEnumerable<Finding> Unlocked(SourceTree tree) =>
        from project in tree.Projects
        where tree.Find($"{project.Folder}/packages.lock.json") is null
        select new Finding(project.Path, 0, "commit its packages.lock.json");

    private static IEnumerable<Finding> Versioned(SourceTree tree) =>
        from project in tree.Projects
        from reference in new ProjectFile(project).Packages
        where reference.HasVersion
        select new Finding(
            project.Path,
            reference.Line,
            $"the version of {reference.Name} belongs into Directory.Packages.props"
        );

    private static IEnumerable<Finding> Configured(SourceTree tree) =>
        from file in tree.Files
        where file.Name.Equals("nuget.config", StringComparison.OrdinalIgnoreCase) || file.Name == ".npmrc"
        select new Finding(file.Path, 0, "where packages come from is not for this repository to say");
}
