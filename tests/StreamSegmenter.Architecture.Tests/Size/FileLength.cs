using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Size;

/// <summary>A file of code has at most 500 lines.</summary>
public sealed class FileLength : IRule
{
    public const int MaxLines = 500;

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        let lines = file.Lines.Length
        where lines > MaxLines
        select new Finding(file.Path, 0, $"{lines} lines; at most {MaxLines}: split it by responsibility");
}
