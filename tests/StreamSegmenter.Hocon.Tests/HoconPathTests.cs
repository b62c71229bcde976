namespace StreamSegmenter.Hocon.Tests;

public sealed class HoconPathTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a.b.c", "a|b|c")]
    [InlineData("a.\"b.c\".d", "a|b.c|d")]
    [InlineData("\"\".x", "|x")]
    [InlineData(" a b . c ", "a b | c")]
    [InlineData("1.2.3", "1|2|3")]
    [InlineData("10.0foo", "10|0foo")]
    [InlineData("foo\"10.0\"", "foo10.0")]
    public void A_path_is_split_at_periods_outside_quotes(string text, string keys)
    {
        HoconPath.Parse(text).Keys.ShouldBe(keys.Split('|'));
    }

    [Theory]
    [InlineData("a.b-c.d_e", "a.b-c.d_e")]
    [InlineData("a.\"b c\"", "a.\"b c\"")]
    [InlineData("\"\".\"x\\\"y\\\\\"", "\"\".\"x\\\"y\\\\\"")]
    public void A_path_is_written_with_the_quotes_it_needs(string text, string written)
    {
        HoconPath.Parse(text).ToString().ShouldBe(written);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a=b")]
    [InlineData("${a}")]
    [InlineData("a\nb")]
    public void What_is_no_path_is_refused(string text)
    {
        Should.Throw<HoconException>(() => HoconPath.Parse(text));
    }

    [Fact]
    public void Paths_are_equal_by_their_keys()
    {
        (HoconPath.Parse("a.b") == new HoconPath("a", "b")).ShouldBeTrue();
        (HoconPath.Parse("a.b") != new HoconPath("a.b")).ShouldBeTrue();
        HoconPath.Root.ShouldBe(new HoconPath());
    }
}
