using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Size;

/// <summary>
/// A line of code has at most 120 columns, comments and strings included: the formatter leaves those alone. Tests may
/// hold longer strings, because data reads better whole.
/// </summary>
public sealed class LineWidth : IRule
{
    public const int MaxColumns = 120;

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        from line in file.Lines.Zip(file.Code.ReplaceLineEndings("\n").Split('\n')).Index()
        let width = line.Item.First.Length
        where width > MaxColumns && (SourceTree.IsProduct(file) || !EndsInString(line.Item.First, line.Item.Second))
        select new Finding(file.Path, line.Index + 1, $"{width} columns; at most {MaxColumns}");

    private static bool EndsInString(string line, string code) =>
        !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && code.AsSpan(MaxColumns).Trim(" ,;)").IsEmpty;
}
