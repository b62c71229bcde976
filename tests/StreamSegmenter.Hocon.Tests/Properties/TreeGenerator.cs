using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Hocon.Tests.Support;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Tests.Properties;

/// <summary>Random trees whose strings hold anything, quotes, spaces, controls and look-alikes above all.</summary>
internal static class TreeGenerator
{
    private static readonly string[] Awkward =
    [
        "",
        " ",
        " x ",
        "a b",
        "a.b",
        "true",
        "false",
        "null",
        "1",
        "-1.5e3",
        "1e+3",
        "007",
        "+1",
        "include",
        "//x",
        "#x",
        "${a}",
        "$",
        "\"",
        "\"\"",
        "\"\"\"",
        "x\"",
        "\\",
        "a\nb",
        "\t",
        "\u0001",
        "\u00A0",
        "\uFEFF",
        "é",
        "😀",
        "{",
        "]",
        "a=b",
        "a:b",
        "-",
        "/",
        "x//y",
    ];

    private static readonly Gen<string> Strings = Gen.OneOf(
        Gen.Elements(Awkward),
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(static s => s.Get),
        Gen.Elements("a", "b", "c", "key", "some-key")
    );

    private static readonly Gen<HoconValue> Scalars = Gen.OneOf(
        Strings.Select(Tree.String),
        ArbMap.Default.GeneratorFor<int>().Select(static n => Tree.Number(FormattableString.Invariant($"{n}"))),
        ArbMap.Default.GeneratorFor<decimal>().Select(static n => Tree.Number(FormattableString.Invariant($"{n}"))),
        Gen.Elements("0", "-0", "1e2", "1E+2", "12.50", "9e-3").Select(Tree.Number),
        Gen.Elements(Tree.True, Tree.False, Tree.Null)
    );

    /// <summary>Trees with an object at the root.</summary>
    public static Arbitrary<HoconValue> Objects { get; } =
        Gen.Sized(static size => Object(Math.Min(size, 40))).ToArbitrary();

    /// <summary>Keys of any form.</summary>
    public static Arbitrary<string[]> Keys { get; } = Strings.NonEmptyListOf().Select(s => s.ToArray()).ToArbitrary();

    private static Gen<HoconValue> Value(int size) =>
        size <= 1 ? Scalars : Gen.Frequency((3, Scalars), (2, Object(size / 2)), (2, Array(size / 2)));

    private static Gen<HoconValue> Object(int size) =>
        from count in Gen.Choose(0, Math.Min(size, 5))
        from keys in Strings.ArrayOf(count)
        from values in Value(size).ArrayOf(count)
        select Tree.Object([.. keys.Zip(values)]);

    private static Gen<HoconValue> Array(int size) =>
        from count in Gen.Choose(0, Math.Min(size, 5))
        from values in Value(size).ArrayOf(count)
        select Tree.Array(values);
}
