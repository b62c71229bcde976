using StreamSegmenter.Hocon.Tests.Support;

namespace StreamSegmenter.Hocon.Tests.Tokens;

public sealed class CharactersTests
{
    [Theory]
    [InlineData('\t')]
    [InlineData('\v')]
    [InlineData('\f')]
    [InlineData('\r')]
    [InlineData('\u001C')]
    [InlineData('\u001F')]
    [InlineData('\u00A0')]
    [InlineData('\u2007')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    [InlineData('\u202F')]
    [InlineData('\u3000')]
    [InlineData('\uFEFF')]
    public void Every_kind_of_space_is_space(char space)
    {
        var text = $"{space}a{space}={space}x{space}y{space}\n{space}b = 2";

        Parse(text).ShouldBeTree(Tree.Object(("a", Tree.String($"x{space}y")), ("b", Tree.Number("2"))));
    }

    [Theory]
    [InlineData('$')]
    [InlineData('+')]
    [InlineData('`')]
    [InlineData('^')]
    [InlineData('?')]
    [InlineData('!')]
    [InlineData('@')]
    [InlineData('*')]
    [InlineData('&')]
    [InlineData('\\')]
    public void A_forbidden_character_needs_quotes(char c)
    {
        Should.Throw<HoconException>(() => Parse($"a = x{c}y")).Origin.ToString().ShouldBe("t.conf:1:6");

        Parse($"a = \"\"\"x{c}y\"\"\"").ShouldBeTree(Tree.Object(("a", Tree.String($"x{c}y"))));
    }

    [Fact]
    public void A_control_character_in_quotes_must_be_escaped()
    {
        Should
            .Throw<HoconException>(static () => Parse("a = \"x\u0001\""))
            .Message.ShouldBe("t.conf:1:7: write the control character U+0001 as \\u0001");
    }

    [Fact]
    public void Lines_are_counted_through_triple_quotes()
    {
        Should
            .Throw<HoconException>(static () => Parse("a = \"\"\"\n\n\"\"\" b\n  }"))
            .Message.ShouldBe("t.conf:4:3: expected a key, found '}'");
    }

    private static Hocon.Values.HoconValue Parse(string text) => HoconDocument.Parse(text, "t.conf").Resolve();
}
