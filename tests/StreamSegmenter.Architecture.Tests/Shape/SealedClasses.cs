using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Shape;

/// <summary>
/// A class of the product is sealed, unless it is abstract, static, or another derives from it: none is open by
/// accident.
/// </summary>
public sealed class SealedClasses : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree)
    {
        var found = tree.ProductCode.SelectMany(file => DeclarationScanner.Scan(file).Select(type => (file, type)));
        var classes = found.Where(item => item.type.IsClass).ToArray();
        var bases = classes.Select(item => item.type.BaseName).ToHashSet(StringComparer.Ordinal);
        return from item in classes
            let type = item.type
            let isOpen = !(type.Says("sealed") || type.Says("abstract") || type.Says("static"))
            where isOpen && !bases.Contains(type.TypeName)
            select new Finding(item.file.Path, type.FirstLine, $"seal {type.TypeName}, or make it abstract");
    }
}
