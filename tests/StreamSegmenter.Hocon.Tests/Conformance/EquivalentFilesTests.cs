using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Conformance;

public sealed class EquivalentFilesTests
{
    [Theory]
    [InlineData("equiv01", "comments.conf")]
    [InlineData("equiv01", "equals.conf")]
    [InlineData("equiv01", "no-commas.conf")]
    [InlineData("equiv01", "no-root-braces.conf")]
    [InlineData("equiv01", "no-whitespace.json")]
    [InlineData("equiv01", "omit-colons.conf")]
    [InlineData("equiv01", "original.json")]
    [InlineData("equiv01", "path-keys.conf")]
    [InlineData("equiv01", "properties-style.conf")]
    [InlineData("equiv01", "substitutions.conf")]
    [InlineData("equiv01", "unquoted.conf")]
    [InlineData("equiv02", "original.json")]
    [InlineData("equiv02", "path-keys-weird-whitespace.conf")]
    [InlineData("equiv02", "path-keys.conf")]
    [InlineData("equiv03", "includes.conf")]
    [InlineData("equiv03", "original.json")]
    [InlineData("equiv04", "missing-substitutions.conf")]
    [InlineData("equiv04", "original.json")]
    [InlineData("equiv05", "original.json")]
    [InlineData("equiv05", "triple-quotes.conf")]
    [Covers(
        "config/equiv03/letters/a.conf",
        "config/equiv03/letters/b.json",
        "config/equiv03/letters/c.conf",
        "config/equiv03/letters/c.properties",
        "config/equiv03/letters/numbers/1.conf",
        "config/equiv03/letters/numbers/2.properties",
        "config/equiv03/root/foo.conf"
    )]
    public void A_file_equals_its_original_json(string folder, string file)
    {
        var expected = JsonTree.Read(File.ReadAllText(TestData.Lightbend($"{folder}/original.json")));
        var options = HoconReaderOptions.System with { Environment = static _ => null };

        var actual = HoconDocument.Load(TestData.Lightbend($"{folder}/{file}"), options).Resolve();

        actual.ShouldBeTree(expected);
    }
}
