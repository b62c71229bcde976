using System.Collections.Frozen;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Dependencies;

/// <summary>
/// Dependencies point inward: the core and the configuration reader know nobody, the streams know the core, the outside
/// knows the streams' contracts, and only the programs know everything.
/// </summary>
public sealed class DependencyDirections : IRule
{
    private static readonly FrozenDictionary<string, Allowed> Projects = new Dictionary<string, Allowed>(
        StringComparer.Ordinal
    )
    {
        ["StreamSegmenter.Hocon"] = new([], []),
        ["StreamSegmenter.Segmentation"] = new([], ["NodaTime"]),
        ["StreamSegmenter.Streams"] = new(
            ["StreamSegmenter.Segmentation"],
            ["Microsoft.Data.Sqlite.Core", "SQLitePCLRaw.bundle_e_sqlite3"]
        ),
        ["StreamSegmenter.Persistence.Sql"] = new(
            ["StreamSegmenter.Streams", "StreamSegmenter.Segmentation"],
            ["Microsoft.Data.Sqlite.Core", "Npgsql", "SQLitePCLRaw.bundle_e_sqlite3"]
        ),
        ["StreamSegmenter.Kafka"] = new(["StreamSegmenter.Streams"], ["Confluent.Kafka"]),
        ["StreamSegmenter.Connectors"] = new(
            ["StreamSegmenter.Streams"],
            ["BouncyCastle.Cryptography", "Handlebars.Net"]
        ),
        ["StreamSegmenter.Node"] = new(
            [
                "StreamSegmenter.Hocon",
                "StreamSegmenter.Segmentation",
                "StreamSegmenter.Streams",
                "StreamSegmenter.Persistence.Sql",
                "StreamSegmenter.Kafka",
                "StreamSegmenter.Connectors",
            ],
            ["System.CommandLine"]
        ),
        ["StreamSegmenter.Cmd"] = new(
            [
                "StreamSegmenter.Hocon",
                "StreamSegmenter.Segmentation",
                "StreamSegmenter.Streams",
                "StreamSegmenter.Persistence.Sql",
                "StreamSegmenter.Kafka",
                "StreamSegmenter.Connectors",
                "StreamSegmenter.Node",
            ],
            ["System.CommandLine", "Spectre.Console"]
        ),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public IEnumerable<Finding> Check(SourceTree tree) =>
        tree.Projects.Where(SourceTree.IsProduct).SelectMany(file => Check(new ProjectFile(file)));

    private static IEnumerable<Finding> Check(ProjectFile project)
    {
        if (!Projects.TryGetValue(project.Name, out var allowed))
        {
            return [new(project.Path, 0, "a new project: say here, in DependencyDirections, what it may know")];
        }

        var projects =
            from reference in project.Projects
            where !allowed.Projects.Contains(reference.Name)
            select new Finding(project.Path, reference.Line, $"{project.Name} may not know {reference.Name}");
        var packages =
            from reference in project.Packages
            where !allowed.Packages.Contains(reference.Name)
            select new Finding(project.Path, reference.Line, $"{project.Name} may not use package {reference.Name}");
        return projects.Concat(packages);
    }

    private sealed record Allowed(string[] Projects, string[] Packages);
}
