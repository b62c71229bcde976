using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Syntax;

public sealed class PropertiesFileTests
{
    [Theory]
    [InlineData("a=1\nb:2\nc 3\nd = 4\ne", """{ "a": "1", "b": "2", "c": "3", "d": "4", "e": "" }""")]
    [InlineData("# one\n! two\n\n  a=x", """{ "a": "x" }""")]
    [InlineData("a.b=1\na.c=2", """{ "a": { "b": "1", "c": "2" } }""")]
    [InlineData("a.=1\n.=2", """{ "a": { "": "1" }, "": { "": "2" } }""")]
    [InlineData("a=one \\\n   two\\\\\nb=3", """{ "a": "one two\\", "b": "3" }""")]
    [InlineData("a\\ b\\=c=d\\te\\u00e9", """{ "a b=c": "d\te\u00e9" }""")]
    [InlineData("a=hello\na.b=world", """{ "a": { "b": "world" } }""")]
    [InlineData("a.b=world\na=hello", """{ "a": { "b": "world" } }""")]
    [InlineData("a=1\na=2", """{ "a": "2" }""")]
    [InlineData("a= x # y ", """{ "a": "x # y " }""")]
    [InlineData("\uFEFFa=1\r\nb=2\r\n", """{ "a": "1", "b": "2" }""")]
    public void A_properties_file_is_read_as_java_does(string text, string json)
    {
        Load(text).Resolve().ShouldBeTree(json);
    }

    [Fact]
    public void A_broken_escape_names_its_line()
    {
        Should
            .Throw<HoconException>(static () => Load("a=1\nb=\\u12"))
            .Message.ShouldBe("a.properties:2: \\u must be followed by four hexadecimal digits");
    }

    private static HoconDocument Load(string text) =>
        HoconDocument.Load(
            "a.properties",
            new HoconReaderOptions { Files = new MemoryFiles { ["a.properties"] = text } }
        );
}
