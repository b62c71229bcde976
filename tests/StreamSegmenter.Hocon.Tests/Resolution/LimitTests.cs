using System.Globalization;
using System.Text;

namespace StreamSegmenter.Hocon.Tests.Resolution;

/// <summary>Texts that are made to cost too much end in an error, soon.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("[")]
    [InlineData("{a=")]
    [InlineData("{a:[")]
    [InlineData("a{")]
    [InlineData("[{a=")]
    public void Nesting_is_bounded(string opening)
    {
        Error(Repeat(opening, 100_000)).ShouldEndWith("objects and arrays are nested more than 128 deep");
    }

    [Fact]
    public void Nesting_up_to_the_limit_is_read()
    {
        Resolve(Repeat("[", 128) + Repeat("]", 128));
    }

    [Fact]
    public void The_parts_of_a_key_are_bounded()
    {
        Error(Repeat("a.", 100_000) + "a = 1").ShouldBe("t.conf:1:1: keys are nested more than 128 deep");
    }

    [Fact]
    public void The_nesting_that_substitutions_make_is_bounded()
    {
        var text = Lines(200, static i => i == 0 ? "a0 = []" : $"a{i} = [ ${{a{i - 1}}} ]");

        Error(text).ShouldBe("t.conf:129:8: the value is nested more than 128 deep");
    }

    [Theory]
    [InlineData("a0 = laugh", "a{0} = ${{a{1}}}${{a{1}}}")]
    [InlineData("a0 = [ laugh ]", "a{0} = [ ${{a{1}}}, ${{a{1}}} ]")]
    [InlineData("a0 = [ laugh ]", "a{0} = ${{a{1}}} ${{a{1}}}")]
    [InlineData("a0 { laugh = x }", "a{0} {{ x = ${{a{1}}}, y = ${{a{1}}} }}")]
    public void A_billion_laughs_do_not_fit(string first, string next)
    {
        var format = CompositeFormat.Parse(next);
        var text = Lines(64, i => i == 0 ? first : string.Format(CultureInfo.InvariantCulture, format, i, i - 1));

        var limits = HoconLimits.Default with { MaxResolvedSize = 100_000 };

        Error(text, limits)
            .ShouldEndWith("the value grows beyond 100000 characters once its substitutions are written out");
    }

    [Fact]
    public void Laughing_objects_that_merge_do_not_fit()
    {
        var text = Lines(
            64,
            static i =>
                i == 0 ? "a0 { laugh = x }" : $"a{i} = ${{a{i - 1}}}, a{i}.x = ${{a{i - 1}}}, a{i}.y = ${{a{i - 1}}}"
        );
        var limits = HoconLimits.Default with { MaxResolvedSize = 100_000 };

        Error(text, limits)
            .ShouldEndWith("the value grows beyond 100000 characters once its substitutions are written out");
    }

    [Fact]
    public void A_chain_of_substitutions_is_bounded()
    {
        var text = Lines(10_000, static i => $"a{i} = ${{a{i + 1}}}");

        Error(text).ShouldEndWith("substitutions lead through more than 512 others");
    }

    [Fact]
    public void A_long_list_of_substitutions_that_look_back_is_fine()
    {
        Resolve(Lines(10_000, static i => i == 0 ? "a0 = 1" : $"a{i} = ${{a{i - 1}}}"));
    }

    [Fact]
    public void Looking_up_through_doubling_objects_is_bounded()
    {
        // Each level doubles the ways along which the absent key is looked for.
        var text = Lines(64, static i => i == 0 ? "a0 { x = 1 }" : $"a{i} = ${{a{i - 1}}} ${{a{i - 1}}}");
        var limits = HoconLimits.Default with { MaxResolutionSteps = 100_000 };

        Error("z = ${?a63.absent}\n" + text, limits)
            .ShouldEndWith("resolving substitutions takes more than 100000 steps; use fewer of them");
    }

    [Fact]
    public void Merging_one_object_again_and_again_is_bounded()
    {
        var fields = string.Join(',', Enumerable.Range(0, 1000).Select(static i => $"f{i}=1"));
        var text = "base {" + fields + "}\n" + Lines(1000, static i => $"a{i} = ${{base}} {{ own = 1 }}");
        var limits = HoconLimits.Default with { MaxResolutionSteps = 100_000 };

        Error(text, limits).ShouldContain("resolving substitutions takes more than 100000 steps");
    }

    private static string Lines(int count, Func<int, string> line) =>
        string.Join('\n', Enumerable.Range(0, count).Select(line));

    private static string Repeat(string text, int count) =>
        new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static void Resolve(string text, HoconLimits? limits = null)
    {
        var options = new HoconReaderOptions { Limits = limits ?? HoconLimits.Default };
        HoconDocument.Parse(text, "t.conf", options).Resolve();
    }

    private static string Error(string text, HoconLimits? limits = null) =>
        Should.Throw<HoconException>(() => Resolve(text, limits)).Message;
}
