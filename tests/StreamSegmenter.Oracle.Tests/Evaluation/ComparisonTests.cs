namespace StreamSegmenter.Oracle.Tests.Evaluation;

public sealed class ComparisonTests
{
    private const string Traits = """
        "n":3,"half":0.5,"s":"banana","t":true,"f":false,"list":["x",2,null],"o":{"k":{"l":1}},"empty":"","nothing":null
        """;

    [Theory]
    [InlineData("profile.n = 3 and profile.n = 3.0 and profile.n >= 3 and profile.n <= 3", true)]
    [InlineData("profile.n != 3 or profile.n < 3 or profile.n > 3", false)]
    [InlineData("profile.n != 4 and profile.n > 2.99", true)]
    [InlineData("profile.n = \"3\"", false)]
    [InlineData("profile.n != \"3\"", false)]
    [InlineData("not (profile.n != \"3\")", true)]
    [InlineData("profile.s < \"c\" and profile.s > \"Z\" and profile.s > \"a\"", true)]
    [InlineData("profile.s < \"B\"", false)]
    [InlineData("profile.empty = \"\" and profile.empty is present and profile.empty < \"a\"", true)]
    [InlineData("profile.t = true and profile.t != false and profile.f = false", true)]
    [InlineData("profile.t = 1 or profile.t = \"true\" or profile.t != 1", false)]
    [InlineData("profile.t > profile.f", false)]
    [InlineData("profile.t", true)]
    [InlineData("profile.f or profile.n or profile.s or profile.nowhere", false)]
    [InlineData("not profile.nowhere", true)]
    [InlineData("profile.nowhere = 3 or profile.nowhere != 3 or profile.nowhere < 3", false)]
    [InlineData("not (profile.nowhere > 3)", true)]
    [InlineData("profile.nothing is missing and not (profile.nothing is present)", true)]
    [InlineData("profile.o.k.l = 1", true)]
    [InlineData("profile.o.k is present and profile.o.x is missing and profile.s.x is missing", true)]
    [InlineData("profile.o = profile.o or profile.list = profile.list or profile.o != profile.list", false)]
    [InlineData("profile.n in (1, 3)", true)]
    [InlineData("profile.n in [\"3\", 4]", false)]
    [InlineData("profile.n not in (1, 2)", true)]
    [InlineData("profile.n not in (1, 3)", false)]
    [InlineData("profile.n not in (\"3\", true)", false)]
    [InlineData("profile.nowhere in (1) or profile.nowhere not in (1)", false)]
    [InlineData("not (profile.nowhere in (1))", true)]
    [InlineData("profile.s contains \"nan\" and profile.s contains \"\"", true)]
    [InlineData("profile.s contains \"NAN\"", false)]
    [InlineData("profile.list contains \"x\" and profile.list contains 2", true)]
    [InlineData("profile.list contains \"2\"", false)]
    [InlineData("profile.n contains 3", false)]
    [InlineData("profile.s starts with \"ban\" and profile.s ends with \"na\"", true)]
    [InlineData("profile.n starts with \"3\" or profile.nowhere ends with \"\"", false)]
    [InlineData("profile.s matches \"an+a$\" and not (profile.s matches \"^an\")", true)]
    [InlineData("profile.n matches \"3\"", false)]
    [InlineData("profile.list[] = 2 and profile.list[] = \"x\" and profile.list[] != 3", true)]
    [InlineData("profile.list[] is present and profile.list[].x is missing and profile.s[] is missing", true)]
    [InlineData("profile.list[] not in (\"x\", \"y\")", false)]
    [InlineData("profile.list[] not in (\"z\")", true)]
    [InlineData("profile.n + 1 = 4 and profile.n - 1 = 2 and profile.n * -2 = -6 and profile.n / 2 = 1.5", true)]
    [InlineData("profile.n + 1 * 2 = 5 and (profile.n + 1) * 2 = 8 and profile.n - 1 - 1 = 1", true)]
    [InlineData("-profile.n = -3 and - - profile.n = 3", true)]
    [InlineData("profile.n / 0 is missing and profile.n / (1 - 1) is missing", true)]
    [InlineData("profile.s + 1 is missing and -profile.s is missing and profile.nowhere * 0 is missing", true)]
    [InlineData("0.1 + 0.2 = 0.3 and profile.half * 3 = 1.5", true)]
    [InlineData("1k = 1_000 and 1.5M = 1500000", true)]
    [InlineData("1d = 24h and 1w = 7d and 1h = 60m and 1m = 60s and 1s = 1000ms and 1.5h = 90m", true)]
    [InlineData("1h + 30m = 90m and 2h - 30m = 1.5h and 2 * 1h = 2h and 1h * 0.5 = 30m and 1h / 2 = 30m", true)]
    [InlineData("90m / 1h = 1.5 and 1h / 0 is missing and 1h / (1h - 60m) is missing", true)]
    [InlineData("1h in (60m)", true)]
    [InlineData("profile.n * 1h = 3h", true)]
    [InlineData(
        "score(\"affinity\", \"acme\") is missing and rfm.recency is missing and consent(\"email\") is missing",
        true
    )]
    [InlineData("score(\"m\") > 0 or rfm.monetary < 9 or consent(\"email\") or consent(\"email\") = false", false)]
    [InlineData("not consent(\"email\")", true)]
    [InlineData("true", true)]
    [InlineData("false or not false and false", false)]
    [InlineData("true or false and false", true)]
    [InlineData("not true or true", true)]
    public void It_is_true_or_false(string rule, bool expected) =>
        Story.Rule(rule).Given(Identify(100, Traits)).Holds(expected);

    [Fact]
    public void Division_has_28_digits() =>
        Story.Rule("1 / 3 = 0.3333333333333333333333333333").Given(Track(1, "a")).Holds(true);

    [Fact]
    public void Characters_outside_the_basic_plane_sort_by_code_unit() =>
        // U+FF21 is above the surrogates of U+1F600 as a code unit, below it as a code point.
        Story.Rule("profile.s < \"\uFF21\"").Given(Identify(1, "\"s\":\"\U0001F600\"")).Holds(true);
}
