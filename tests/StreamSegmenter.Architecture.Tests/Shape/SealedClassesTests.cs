using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Shape;

public sealed class SealedClassesTests : RuleTests<SealedClasses>
{
    protected override IEnumerable<(SourceTree Tree, string[] Places)> Breaches =>
        [
            (SourceTree.Of(("src/A.cs", "x;\npublic class A { }")), ["src/A.cs:2"]),
            (SourceTree.Of(("src/A.cs", "internal partial record A(int X);")), ["src/A.cs:1"]),
            (SourceTree.Of(("src/A.cs", "static class A { private class B; }")), ["src/A.cs:1"]),
        ];

    protected override IEnumerable<SourceTree> Lookalikes =>
        [
            SourceTree.Of(("src/A.cs", "abstract class A; sealed record B(int X); record struct C(A A); interface D;")),
            SourceTree.Of(
                ("src/A.cs", "class A(int x) : X(x), IA;"),
                ("src/B.cs", "sealed class B<T>(int x) : A(x), IB;")
            ),
            SourceTree.Of(("tests/A.cs", "public class A { }")),
        ];
}
