using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Size;

public sealed class MethodLengthTests : RuleTests<MethodLength>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("src/A.cs", ClassWith("void M() {", 69, "}"))), ["src/A.cs:2"]),
            (SourceTree.Of(("tests/A.cs", ClassWith("int M() => F(", 69, "0);"))), ["tests/A.cs:2"]),
            (SourceTree.Of(("src/A.cs", ClassWith("int P { get {", 69, "}}"))), ["src/A.cs:2"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [
            SourceTree.Of(("src/A.cs", ClassWith("void M() {", 68, "}"))),
            SourceTree.Of(("src/A.cs", ClassWith("int[] table = [", 200, "];"))),
            SourceTree.Of(("src/A.cs", ClassWith("void M() { var brace = \"{\"; }", 100, "void N() { }"))),
        ];

    private static string ClassWith(string open, int lines, string close) =>
        $"class C {{\n{open}\n{string.Concat(Enumerable.Repeat("\n", lines))}{close}\n}}\n";
}
