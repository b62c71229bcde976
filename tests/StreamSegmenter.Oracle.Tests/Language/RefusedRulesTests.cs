namespace StreamSegmenter.Oracle.Tests.Language;

public sealed class RefusedRulesTests
{
    [Theory]
    [InlineData("count(a)", 1, 1, "condition")]
    [InlineData("count(a) >", 1, 11, "expected a value")]
    [InlineData("", 1, 1, "expected a value")]
    [InlineData("exists(a) exists(b)", 1, 11, "end of the rule")]
    [InlineData("exists(a) and\n  cuont(b) > 1", 2, 3, "unknown function 'cuont'")]
    [InlineData("exists(a, 0d)", 1, 11, "longer than zero")]
    [InlineData("exists(a, -1d)", 1, 11, "duration")]
    [InlineData("exists(a, 30)", 1, 11, "duration")]
    [InlineData("exists(a, 30y)", 1, 11, "unknown unit 'y'")]
    [InlineData("exists(a, 30D)", 1, 11, "unknown unit 'D'")]
    [InlineData("exists(a, sometimes)", 1, 11, "duration")]
    [InlineData("exists(a, this decade)", 1, 16, "day, week, month or year")]
    [InlineData("sum(a) > 1", 1, 5, "path")]
    [InlineData("avg(a) > 1", 1, 5, "path")]
    [InlineData("min(a) > 1", 1, 5, "path")]
    [InlineData("max(a, 1d) > 1", 1, 5, "path")]
    [InlineData("distinct(a) > 1", 1, 10, "path")]
    [InlineData("mode(a) = 1", 1, 6, "path")]
    [InlineData("sequence(not a then b)", 1, 10, "start")]
    [InlineData("sequence(a then not b)", 1, 17, "within")]
    [InlineData("sequence(a then not b within 0s)", 1, 30, "longer than zero")]
    [InlineData("sequence(a then b within 0s)", 1, 26, "longer than zero")]
    [InlineData("sequence(a within 1h)", 1, 12, "')'")]
    [InlineData("exists(sequence(a then b))", 1, 16, "')'")]
    [InlineData("in(\"nowhere\")", 1, 1, "nowhere")]
    [InlineData("in(\"s\")", 1, 1, "cycle")]
    [InlineData("count(a) = \"3\"", 1, 10, "compared")]
    [InlineData("since(a) > 3", 1, 10, "compared")]
    [InlineData("since(a) > profile.x", 1, 10, "compared")]
    [InlineData("last(a) > 1h", 1, 9, "compared")]
    [InlineData("exists(a) > true", 1, 11, "order")]
    [InlineData("profile.x >= false", 1, 11, "order")]
    [InlineData("count(a) in (\"1\", \"2\")", 1, 10, "list")]
    [InlineData("count(a) contains 1", 1, 1, "contains")]
    [InlineData("count(a) starts with \"1\"", 1, 1, "string")]
    [InlineData("profile.x matches 3", 1, 19, "pattern")]
    [InlineData("profile.x matches \"(\"", 1, 19, "pattern")]
    [InlineData("profile.x matches \"(a)\\\\1\"", 1, 19, "pattern")]
    [InlineData("since(a) + 1 > 1h", 1, 10, "meaning")]
    [InlineData("\"a\" + \"b\" = \"ab\"", 1, 5, "meaning")]
    [InlineData("count(a) and exists(b)", 1, 1, "condition")]
    [InlineData("(exists(a) and exists(b)) = true", 1, 12, "value")]
    [InlineData("status = \"x\"", 1, 1, "unknown name")]
    [InlineData("exists(a where count(b) > 1)", 1, 16, "where")]
    [InlineData("exists(a where x = 1 for 1d)", 1, 22, "where")]
    [InlineData("exists(a where in(\"s\"))", 1, 16, "where")]
    [InlineData("exists(a where rfm.recency = 1)", 1, 16, "where")]
    [InlineData("exists(a where score(m) > 1)", 1, 16, "where")]
    [InlineData("exists(a where consent(\"email\"))", 1, 16, "where")]
    [InlineData("any(profile.x, y = 1)", 1, 1, "where")]
    [InlineData("exists(a where 1)", 1, 16, "condition")]
    [InlineData("profile.x = \"open", 1, 13, "closed")]
    [InlineData("exists(a) & exists(b)", 1, 11, "unexpected")]
    [InlineData("profile.x in ()", 1, 15, "value")]
    [InlineData("profile.x in (profile.y)", 1, 15, "expected")]
    [InlineData("rfm.love = 5", 1, 5, "recency")]
    public void It_names_the_place_and_what_it_wants(string rule, int line, int column, string word)
    {
        var refused = Should.Throw<OracleLoadException>(() => OracleRun.Check(new([new("s", rule)])));
        (refused.Line, refused.Column).ShouldBe((line, column), refused.Message);
        refused.Message.ShouldContain(word, Case.Insensitive);
    }

    [Fact]
    public void A_cycle_through_another_segment_is_refused()
    {
        var config = new OracleConfig([new("a", "in(\"b\")"), new("b", "not in(\"c\")"), new("c", "in(\"a\")")]);
        Should.Throw<OracleLoadException>(() => OracleRun.Check(config)).Message.ShouldContain("a → b → c → a");
    }

    [Fact]
    public void Two_segments_of_one_name_are_refused()
    {
        var config = new OracleConfig([new("a", "exists(x)"), new("a", "exists(y)")]);
        Should.Throw<OracleLoadException>(() => OracleRun.Check(config)).Segment.ShouldBe("a");
    }
}
