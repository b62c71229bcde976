using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Size;

/// <summary>
/// A line of code has at most 120 columns, comments and strings included: the formatter leaves those alone.
/// </summary>
public sealed class LineWidth : IRule
{
    public const int MaxColumns = 120;

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        from line in file.Lines.Index()
        where line.Item.Length > MaxColumns
        select new Finding(file.Path, line.Index + 1, $"{line.Item.Length} columns; at most {MaxColumns}");
}
