using System.Xml.Linq;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Dependencies;

/// <summary>A C# project file and what it refers to.</summary>
public sealed class ProjectFile(SourceFile file)
{
    private readonly XElement _root = XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Root!;

    public string Path => file.Path;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(file.Path);

    public IReadOnlyList<Reference> Projects =>
        [.. Includes("ProjectReference").Select(r => r with { Name = NameOf(r.Name) })];

    public IReadOnlyList<Reference> Packages => Includes("PackageReference");

    private IReadOnlyList<Reference> Includes(string element) =>
        [
            .. _root
                .Descendants(element)
                .Select(e => new Reference(
                    (string?)e.Attribute("Include") ?? "",
                    ((System.Xml.IXmlLineInfo)e).LineNumber,
                    e.Attribute("Version") is not null
                )),
        ];

    private static string NameOf(string path) => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
}

/// <summary>A reference of a project to another, or to a package.</summary>
public sealed record Reference(string Name, int Line, bool HasVersion);
