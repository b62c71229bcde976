using StreamSegmenter.Hocon.Tests.Support;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Tests;

public sealed class HoconDocumentTests
{
    [Fact]
    public void A_fallback_fills_what_is_missing()
    {
        var document = Parse("a { x = 1 }, list = [ 9 ]")
            .WithFallback(Parse("a { x = 0, y = 2 }, b = 3, list = [ 1, 2 ]"));

        document.Resolve().ShouldBeTree("""{ "a": { "x": 1, "y": 2 }, "list": [9], "b": 3 }""");
    }

    [Fact]
    public void An_upper_value_feeds_a_substitution_below_it()
    {
        var document = Parse("host = live").WithFallback(Parse("host = local, url = \"http://\"${host}"));

        document.Resolve().ShouldBeTree("""{ "host": "live", "url": "http://live" }""");
    }

    [Fact]
    public void An_upper_self_reference_takes_the_value_of_the_fallback()
    {
        var document = Parse("list += 3, text = ${text}er").WithFallback(Parse("list = [ 1, 2 ], text = low"));

        document.Resolve().ShouldBeTree("""{ "list": [1, 2, 3], "text": "lower" }""");
    }

    [Fact]
    public void A_value_between_two_layers_keeps_their_objects_apart()
    {
        Merge("a = { x = 1 }", "a = 42", "a = { y = 2 }").ShouldBeTree("""{ "a": { "x": 1 } }""");
        Merge("a = { x = 1 }", "a = { y = 2 }", "a = 42").ShouldBeTree("""{ "a": { "x": 1, "y": 2 } }""");
    }

    [Fact]
    public void Merging_leaves_both_documents_as_they_were()
    {
        var lower = Parse("a { x = 1 }");
        var upper = Parse("a { y = 2 }");

        upper.WithFallback(lower).Resolve().ShouldBeTree("""{ "a": { "x": 1, "y": 2 } }""");

        lower.Resolve().ShouldBeTree("""{ "a": { "x": 1 } }""");
        upper.Resolve().ShouldBeTree("""{ "a": { "y": 2 } }""");
        upper.WithFallback(lower).Resolve().ShouldBeTree("""{ "a": { "x": 1, "y": 2 } }""");
    }

    [Fact]
    public void A_document_can_lie_over_itself()
    {
        var document = Parse("a = [ 1 ], a = ${a} [ 2 ], b { c = ${a} }");

        document.WithFallback(document).Resolve().ShouldBeTree("""{ "a": [1, 2], "b": { "c": [1, 2] } }""");
    }

    [Theory]
    [InlineData("x = ${HOME}", "here")]
    [InlineData("x = ${?HOME}", "here")]
    [InlineData("x = default, x = ${?HOME}", "here")]
    [InlineData("HOME = other, x = ${HOME}", "other")]
    [InlineData("o { x = ${HOME} }, x = ${o.x}", "here")]
    public void A_substitution_falls_back_to_the_environment(string text, string expected)
    {
        Resolve(text).Find(HoconPath.Parse("x")).ShouldBe(Tree.String(expected));
    }

    [Fact]
    public void A_null_keeps_the_environment_out()
    {
        Resolve("HOME = null, x = ${HOME}").Find(HoconPath.Parse("x")).ShouldBe(Tree.Null);
    }

    [Fact]
    public void An_empty_variable_is_an_empty_string()
    {
        Resolve("x = ${EMPTY}").Find(HoconPath.Parse("x")).ShouldBe(Tree.String(""));
    }

    [Fact]
    public void A_path_stops_at_a_variable()
    {
        Resolve("a = { b = 1 }, a = ${HOME}, x = ${?a.b}").ContainsKey("x").ShouldBeFalse();
    }

    [Fact]
    public void Appending_does_not_read_the_environment()
    {
        Resolve("HOME += x")["HOME"].ShouldBeTree("""["x"]""");
    }

    [Fact]
    public void Values_and_keys_know_where_they_were_written()
    {
        var root = Parse("a = 1\nb {\n  c = [ x, ${a} ]\n}\nb.d = two words\n  a = 3").ResolveObject();

        root["a"].Origin.ToString().ShouldBe("t.conf:6:7");
        root.KeyOrigin("a").ToString().ShouldBe("t.conf:6:3");
        root.KeyOrigin("zebra").ShouldBeNull();
        var list = (HoconArray)root.Find(HoconPath.Parse("b.c"))!;
        list[0].Origin.ToString().ShouldBe("t.conf:3:9");
        list[1].Origin.ToString().ShouldBe("t.conf:6:7");
        root.Find(HoconPath.Parse("b.d"))!.Origin.ToString().ShouldBe("t.conf:5:7");
    }

    [Fact]
    public void Every_character_knows_where_it_was_written()
    {
        const string text =
            "a = \"q\\t\\u0041\\\"z\"\nb = \"\"\"x\ny\"\"\" \" \"\nc = ${a}  ${b} u v\nd = ${c}${c}, n = 12, t = true";
        string[] lines = text.Split('\n');
        var root = Parse(text).ResolveObject();

        foreach (var value in root.Fields.Values.Select(static field => (HoconScalar)field.Value))
        {
            for (int i = 0; i < value.Text.Length; i++)
            {
                var place = value.PlaceOf(i).ShouldNotBeNull();
                string written = lines[place.Origin.Line - 1];
                place.Line.ShouldBe(written);
                // A newline stands at the end of its line; an escape where it begins.
                char found = place.Origin.Column > written.Length ? '\n' : written[place.Origin.Column - 1];
                found.ShouldBe(value.Text[i] is '\t' or 'A' or '"' ? '\\' : value.Text[i]);
            }

            value.PlaceOf(value.Text.Length).ShouldNotBeNull();
        }

        ((HoconScalar)root["d"]).PlaceOf(1)!.Value.Origin.ToString().ShouldBe("t.conf:1:7");
        ((HoconScalar)root["a"]).PlaceOf(5)!.Value.Origin.ToString().ShouldBe("t.conf:1:18");
    }

    [Fact]
    public void What_comes_from_the_environment_was_written_nowhere()
    {
        var value = (HoconScalar)Resolve("x = ab${HOME}")["x"];

        value.PlaceOf(1)!.Value.Origin.ToString().ShouldBe("t.conf:1:6");
        value.PlaceOf(2).ShouldBeNull();
    }

    [Fact]
    public void Numeric_keys_become_an_array_in_their_order()
    {
        var o = Parse("10 = c, 2 = b, 0 = a, x = no, -1 = no, 007 = d").ResolveObject();

        o.ToArrayByNumericKeys()!.ShouldBeTree("""["a", "b", "d", "c"]""");
        Parse("x = 1").ResolveObject().ToArrayByNumericKeys().ShouldBeNull();
    }

    [Fact]
    public void Numbers_are_equal_by_value_and_keep_their_text()
    {
        Tree.Number("1e2").ShouldBe(Tree.Number("100.0"));
        Tree.Number("1e2").GetHashCode().ShouldBe(Tree.Number("100.0").GetHashCode());
        Tree.Number("1e2").ShouldNotBe(Tree.Number("101"));
        Tree.Number("1e2").ShouldNotBe(Tree.String("1e2"));
        Parse("a = 1e2").ResolveObject()["a"].ToString().ShouldBe("1e2");
    }

    private static HoconDocument Parse(string text) => HoconDocument.Parse(text, "t.conf");

    private static HoconValue Merge(params string[] texts) =>
        texts.Select(Parse).Aggregate(static (upper, lower) => upper.WithFallback(lower)).Resolve();

    private static HoconObject Resolve(string text)
    {
        var options = new HoconReaderOptions
        {
            Environment = static name =>
                name switch
                {
                    "HOME" => "here",
                    "EMPTY" => "",
                    _ => null,
                },
        };
        return HoconDocument.Parse(text, "t.conf", options).ResolveObject();
    }
}
