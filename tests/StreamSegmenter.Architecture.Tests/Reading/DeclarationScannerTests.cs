namespace StreamSegmenter.Architecture.Tests.Reading;

public sealed class DeclarationScannerTests
{
    [Fact]
    public void Types_are_found_with_their_lines_and_modifiers()
    {
        var found = Scan(
            """
            namespace N;

            /// <summary>A class of its own.</summary>
            [Obsolete("it's { old")]
            internal sealed class Outer(Record record) : Base(record)
            {
                private enum Kind
                {
                    A = 1,
                    B,
                }
            }

            public readonly record struct Point(int X, int Y);

            """
        );

        found
            .Where(d => d.TypeName is not null)
            .Select(d => (d.TypeName, d.FirstLine, d.LastLine, d.IsClass, d.Says("sealed")))
            .ShouldBe([("Kind", 7, 11, false, false), ("Outer", 5, 12, true, true), ("Point", 14, 14, false, false)]);
    }

    [Fact]
    public void Members_are_measured_from_their_first_line_to_their_last()
    {
        var found = Scan(
            """
            class C
            {
                private readonly Dictionary<string, int> _table = new()
                {
                    ["}"] = 1,
                };

                public int Size { get; init; } = 5;

                [Fact]
                public void Block(LogRecord record, int depth = 0)
                {
                    if (depth > 0)
                    {
                        Block(record);
                    }
                }

                public static bool operator ==(C a, C b) =>
                    a switch
                    {
                        null => b is null,
                        _ => true,
                    };
            }
            """
        );

        found
            .Where(d => d is { TypeName: null, IsField: false, Lines: > 1 })
            .Select(d => (d.FirstLine, d.LastLine))
            .ShouldBe([(11, 17), (19, 24)]);
    }

    private static IReadOnlyList<Declaration> Scan(string source) =>
        DeclarationScanner.Scan(new SourceFile("src/A.cs", source));
}
