using StreamSegmenter.Segmentation.Rules;
using static StreamSegmenter.Segmentation.Tests.Rules.Support.RuleTexts;

namespace StreamSegmenter.Segmentation.Tests.Rules;

public sealed class RuleErrorTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (string line in ReadCases("errors.txt"))
        {
            string[] parts = line.Split(" ⇒ ");
            data.Add(parts[0].Replace('⏎', '\n'), parts[1]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_refused_rule_names_the_place_and_the_cure(string rule, string expected)
    {
        SegmentRuleError error = Refuse(Segment("test", rule), Segment("high-value", "exists(any)"))
            .ShouldHaveSingleItem();

        error.Segment.Value.ShouldBe("test");
        SourcePlace place = error.Error.Place;
        $"{place.Line}:{place.Column} {error.Error.Message}".ShouldBe(expected);
    }

    [Fact]
    public void Two_segments_of_one_name_are_refused()
    {
        SegmentRuleError error = Refuse(
                Segment("vip", "exists(a)"),
                Segment("b", "exists(b)"),
                Segment("vip", "exists(c)")
            )
            .ShouldHaveSingleItem();

        error.ShouldBe(new(new("vip"), new(new(0, 1, 1), "there are two segments named \"vip\"; rename one.")));
    }

    [Fact]
    public void Every_wrong_rule_is_reported_at_once_and_the_right_ones_are_not()
    {
        IReadOnlyList<SegmentRuleError> errors = Refuse(
            Segment("inside-where", "exists(a where count(b) > 1)"),
            Segment("right", "exists(a)"),
            Segment("wrong-word", "exist(a)")
        );

        errors.Select(error => error.Segment.Value).ShouldBe(["inside-where", "wrong-word"]);
    }

    [Fact]
    public void A_circle_of_segments_is_spelled_out_and_blamed_on_one_of_them()
    {
        SegmentRuleError error = Refuse(
                Segment("bystander", "exists(x)"),
                Segment("c", "not in(\"a\")"),
                Segment("a", "exists(x) and in(\"b\")"),
                Segment("b", "in(\"c\")")
            )
            .ShouldHaveSingleItem();

        error.Segment.Value.ShouldBe("a");
        error.Error.Message.ShouldBe(
            "segments read each other in a circle: a → b → c → a; one of them must do without in(...)."
        );
    }

    [Theory]
    [InlineData("in(\"self\")")]
    [InlineData("in(\"self\") for 7d")]
    [InlineData("exists(x) or not in(\"self\")")]
    public void A_segment_cannot_read_itself(string rule)
    {
        SegmentRuleError error = Refuse(Segment("other", "exists(x)"), Segment("self", rule)).ShouldHaveSingleItem();

        error.Segment.Value.ShouldBe("self");
        error.Error.Message.ShouldBe(
            "segments read each other in a circle: self → self; one of them must do without in(...)."
        );
    }

    [Theory]
    [InlineData("(")]
    [InlineData("not ")]
    [InlineData("-")]
    public void A_rule_may_nest_64_levels_and_no_deeper(string opening)
    {
        string closing = opening == "(" ? ")" : "";
        string inner = opening == "-" ? "1 < 2" : "true";
        string Nest(int levels) => string.Concat(Enumerable.Repeat(opening, levels)) + inner + Closings(levels);
        string Closings(int levels) => string.Concat(Enumerable.Repeat(closing, levels));

        // The rule as a whole is the first level.
        Compile(Nest(63));
        RuleError error = Refuse(Segment("test", Nest(64)))[0].Error;

        error.Message.ShouldBe("the rule nests deeper than 64 levels; name parts of it as segments and use in(...).");
        error.Place.Line.ShouldBe(1);
    }

    [Fact]
    public void A_rule_may_have_16384_characters_and_no_more()
    {
        string rule = "exists(a)".PadRight(16_384);

        Compile(rule);
        Refuse(Segment("test", rule + " "))[0]
            .Error.Message.ShouldBe("the rule has 16385 characters; 16384 are allowed.");
    }

    [Theory]
    [InlineData("1 + ")]
    [InlineData("1 * ")]
    public void A_chain_of_operators_as_long_as_a_rule_may_be_is_no_danger_to_the_stack(string link)
    {
        string Chain(int links) => string.Concat(Enumerable.Repeat(link, links)) + "1 > 0";
        RuleError? longest = null;
        var thread = new Thread(
            () =>
            {
                RuleSet
                    .Compile([Segment("test", Chain(250))], RuleSetOptions.Default)
                    .ShouldBeOfType<RuleSetResult.Compiled>();
                longest = (
                    RuleSet.Compile([Segment("test", Chain(4_000))], RuleSetOptions.Default) as RuleSetResult.Refused
                )
                    ?.Errors[0]
                    .Error;
            },
            maxStackSize: 512 * 1024
        );
        thread.Start();
        thread.Join();

        longest.ShouldNotBeNull();
        longest.Message.ShouldBe(
            "the rule has more than 256 operators + - * /; name parts of it as segments and use in(...)."
        );
    }

    [Theory]
    [InlineData("(a", "at character 2: a ( has no ); write \\( for the character itself.")]
    [InlineData("a)", "at character 2: a ) has no (; write \\) for the character itself.")]
    [InlineData("[z-a]", "at character 4: a range of characters is the wrong way round; write e.g. [a-z].")]
    [InlineData("[a", "at character 2: a [ has no ]; write \\[ for the character itself.")]
    [InlineData(
        "*a",
        "at character 1: there is nothing to repeat before *, +, ? or {; write e.g. \\* for the character itself."
    )]
    [InlineData("a**", "at character 3: a repetition is repeated; put the inner one in parentheses.")]
    [InlineData("a{3,1}", "at character 6: a repetition is the wrong way round; write e.g. {2,5}.")]
    [InlineData("\\\\y", "at character 2: unknown escape; leave the \\ out before a letter.")]
    [InlineData("(?x", "at character 3: it cannot be understood; check its escapes, groups and brackets.")]
    public void A_regular_expression_is_refused_where_it_stands(string pattern, string expected)
    {
        RuleError error = Refuse(Segment("test", $"profile.a matches \"{pattern}\""))[0].Error;

        error.ShouldBe(new(new(18, 1, 19), $"not a regular expression, {expected}"));
    }

    [Theory]
    [InlineData("(a)\\\\1")]
    [InlineData("a(?=b)")]
    public void A_regular_expression_that_could_be_slow_is_refused(string pattern)
    {
        RuleError error = Refuse(Segment("test", $"profile.a matches \"{pattern}\""))[0].Error;

        error.Place.ShouldBe(new SourcePlace(18, 1, 19));
        error.Message.ShouldBe(
            "not a regular expression that can be used here: write it without looking around and back references."
        );
    }
}
