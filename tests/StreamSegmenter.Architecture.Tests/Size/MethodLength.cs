using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Size;

/// <summary>
/// A member with a body has at most 70 lines from its signature to its end. Fields, which hold tables, may be longer.
/// </summary>
public sealed class MethodLength : IRule
{
    public const int MaxLines = 70;

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        from member in DeclarationScanner.Scan(file)
        where member is { IsTypeOrNamespace: false, IsField: false, Lines: > MaxLines }
        select new Finding(
            file.Path,
            member.FirstLine,
            $"a member of {member.Lines} lines; at most {MaxLines}: let it keep the branching and give parts away"
        );
}
