using System.Text;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

public sealed class JsonTapeTests
{
    [Fact]
    public void Properties_are_found_by_name_at_every_depth()
    {
        JsonCursor root = Json.Parse("""{"a":{"b":[1,{"c":"deep"}],"d":null},"e":true}""");

        root.At("a").At("d").Kind.ShouldBe(JsonKind.Null);
        root.At("e").Kind.ShouldBe(JsonKind.True);
        root.At("b").Kind.ShouldBe(JsonKind.Missing);
        root.At("a").At("b").Elements().Select(element => element.ToString()).ShouldBe(["1", """{"c":"deep"}"""]);
    }

    [Fact]
    public void A_name_with_escapes_is_found_by_its_plain_form()
    {
        JsonCursor root = Json.Parse("""{"\u0075serId":"u","\u00e9":"accent"}""");

        root.At("userId").GetString().ShouldBe("u");
        root.At("é").ValueEquals("accent"u8).ShouldBeTrue();
    }

    [Fact]
    public void Members_come_in_order_with_names_and_values()
    {
        List<string> members = [];
        foreach (
            JsonMember member in Json.Parse(""" { "x" : [ 1 , 2 ] , "\n" : {} , "" : false } """).EnumerateObject()
        )
        {
            members.Add($"{member.Name}={member.Value}");
        }

        members.ShouldBe(["x=[ 1 , 2 ]", "\n={}", "=false"]);
    }

    [Fact]
    public void A_string_can_be_copied_without_its_escapes()
    {
        JsonCursor value = Json.Parse("""["a\"b\u00e9\ud83d\ude00\/"]""").Elements()[0];
        Span<byte> buffer = stackalloc byte[16];

        value.TryCopyString(buffer, out int written).ShouldBeTrue();
        Encoding.UTF8.GetString(buffer[..written]).ShouldBe("a\"bé😀/");
        value.TryCopyString(buffer[..3], out written).ShouldBeFalse();
        written.ShouldBe(0);
        Encoding
            .UTF8.GetString(value.RawUtf8)
            .ShouldBe(
                """
                "a\"b\u00e9\ud83d\ude00\/"
                """
            );
    }

    [Fact]
    public void A_missing_cursor_answers_everything_with_nothing()
    {
        JsonCursor missing = default;

        missing.Kind.ShouldBe(JsonKind.Missing);
        missing.TryGetProperty("a"u8, out _).ShouldBeFalse();
        missing.TryGetDecimal(out _).ShouldBeFalse();
        missing.TryCopyString([], out _).ShouldBeFalse();
        missing.ValueEquals(""u8).ShouldBeFalse();
        missing.GetString().ShouldBe("");
        missing.RawUtf8.IsEmpty.ShouldBeTrue();
        missing.Count.ShouldBe(0);
        missing.EnumerateArray().MoveNext().ShouldBeFalse();
        missing.EnumerateObject().MoveNext().ShouldBeFalse();
    }

    [Fact]
    public void Members_of_another_kind_answer_with_nothing()
    {
        JsonCursor number = Json.Parse("7");
        JsonCursor array = Json.Parse("[1,2]");

        number.GetString().ShouldBe("");
        number.TryGetProperty("a"u8, out _).ShouldBeFalse();
        array.EnumerateObject().MoveNext().ShouldBeFalse();
        array.TryGetDecimal(out _).ShouldBeFalse();
        array.Count.ShouldBe(2);
    }

    [Fact]
    public void A_tape_forgets_the_text_before()
    {
        var tape = new JsonTape(EventLimits.Default);
        tape.TryParse("""{"a":"\u0041","b":1}"""u8.ToArray(), out _).ShouldBeTrue();
        tape.TryParse("""{"b":"second"}"""u8.ToArray(), out _).ShouldBeTrue();

        tape.Root.At("a").IsMissing.ShouldBeTrue();
        tape.Root.At("b").GetString().ShouldBe("second");
        tape.TryParse("{"u8.ToArray(), out _).ShouldBeFalse();
        tape.Root.IsMissing.ShouldBeTrue();
    }

    [Fact]
    public void A_slice_of_a_larger_buffer_is_read_in_place()
    {
        byte[] buffer = Json.Utf8("""xxx{"a":["\t",-1.5e1]}yyy""");
        var tape = new JsonTape(EventLimits.Default);

        tape.TryParse(buffer.AsMemory(3, buffer.Length - 6), out _).ShouldBeTrue();
        tape.Root.ToString().ShouldBe("""{"a":["\t",-1.5e1]}""");
        tape.Root.At("a").Elements().Select(element => element.ToString()).ShouldBe(["\"\\t\"", "-1.5e1"]);
    }

    [Theory]
    [InlineData("", JsonFaultReason.NotJson, 1, 1)]
    [InlineData("{\"a\":1}\n x", JsonFaultReason.NotJson, 2, 2)]
    [InlineData("{\n\n  \"a\": tru }", JsonFaultReason.NotJson, 3, 11)]
    [InlineData("[1,2,]", JsonFaultReason.NotJson, 1, 6)]
    [InlineData("[1] // no", JsonFaultReason.NotJson, 1, 5)]
    [InlineData("{\"a\":1,\n\"a\":2}", JsonFaultReason.DuplicateKey, 2, 1)]
    [InlineData("{\"a\":1,\"\\u0061\":2}", JsonFaultReason.DuplicateKey, 1, 8)]
    [InlineData("[\n\"ab\\ud800\"]", JsonFaultReason.LoneSurrogate, 2, 4)]
    [InlineData("[\"\\udc00\\ud800\"]", JsonFaultReason.LoneSurrogate, 1, 3)]
    [InlineData("[\"\\ud800\\u0041\"]", JsonFaultReason.LoneSurrogate, 1, 3)]
    [InlineData("{\"\\ud800x\":1}", JsonFaultReason.LoneSurrogate, 1, 3)]
    [InlineData("[0, 1e29]", JsonFaultReason.NumberOutOfRange, 1, 5)]
    public void A_fault_names_its_reason_and_place(string text, JsonFaultReason reason, int line, int column)
    {
        JsonFault fault = Json.Refuse(text);

        fault.Reason.ShouldBe(reason);
        fault.Message.ShouldEndWith($"(line {line}, column {column})");
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused_where_they_stand()
    {
        JsonFault fault = Json.Refuse([.. "[\"é"u8, 0xC3, .. "\"]"u8]);

        fault.Reason.ShouldBe(JsonFaultReason.InvalidUtf8);
        fault.Offset.ShouldBe(4);
        fault.Message.ShouldBe("byte 0xC3 is not UTF-8 (line 1, column 5)");
    }

    [Fact]
    public void Nesting_is_limited()
    {
        EventLimits limits = EventLimits.Default with { MaxDepth = 3 };

        Json.Parse("[[[1]]]", limits).Count.ShouldBe(1);
        Json.Refuse("[[[[1]]]]", limits).Reason.ShouldBe(JsonFaultReason.TooDeep);
        Json.Refuse("[{\"a\":[{}]}]", limits).Reason.ShouldBe(JsonFaultReason.TooDeep);
        Json.Refuse(new string('[', 100_000), EventLimits.Default with { MaxBytes = 1 << 20 })
            .Reason.ShouldBe(JsonFaultReason.TooDeep);
    }

    [Fact]
    public void Size_and_tokens_are_limited()
    {
        EventLimits limits = EventLimits.Default with { MaxBytes = 10, MaxTokens = 4 };

        Json.Parse("[1,2,3]   ", limits).Count.ShouldBe(3);
        Json.Refuse("[1,2,3]    ", limits).Reason.ShouldBe(JsonFaultReason.TooLarge);
        Json.Refuse("[1,2,3,4]", limits).Reason.ShouldBe(JsonFaultReason.TooManyTokens);
        Json.Refuse("""{"a":[2]}1""", limits).Reason.ShouldBe(JsonFaultReason.NotJson);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(500)]
    public void A_repeated_name_is_noticed_among_any_number(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"name{i}")];
        for (int repeated = 0; repeated < count; repeated += Math.Max(1, count / 7))
        {
            string unique = string.Join(',', names.Select(name => $"\"{name}\":{{\"name0\":0}}"));
            Json.Parse($"{{{unique}}}").Count.ShouldBe(count);
            JsonFault fault = Json.Refuse($"{{{unique},\"{names[repeated]}\":0}}");
            fault.Reason.ShouldBe(JsonFaultReason.DuplicateKey);
            fault.Offset.ShouldBe(unique.Length + 2);
        }
    }

    [Fact]
    public void A_repeated_name_is_noticed_wherever_it_stands()
    {
        for (int length = 0; length < 20; length++)
        {
            string name = "abcdefghijklmnopqrst"[..length];
            for (int spaces = 0; spaces < 10; spaces++)
            {
                string first = $"{{{new string(' ', spaces)}\"{name}\":1,";
                Json.Refuse($"{first}\"{name}\":2}}").Reason.ShouldBe(JsonFaultReason.DuplicateKey);
                Json.Refuse($"{first}\"x y\" : {{}}, \"{name}\":2}}").Reason.ShouldBe(JsonFaultReason.DuplicateKey);
                Json.Parse($"{first}\"{name}1\":2,\"2{name}\":3}}").Count.ShouldBe(3);
            }
        }
    }

    [Fact]
    public void The_end_of_a_string_is_found_in_a_text_of_any_length()
    {
        for (int length = 0; length < 300; length++)
        {
            string value = new('v', length);
            Json.Parse($"\"{value}\"").GetString().ShouldBe(value);
            Json.Parse($"[\"{value}\",\"\\n\"]").Elements()[1].GetString().ShouldBe("\n");
            Json.Refuse($"\"{value}").Reason.ShouldBe(JsonFaultReason.NotJson);
            Json.Refuse($"\"{value}\u0001\"").Reason.ShouldBe(JsonFaultReason.NotJson);
            Json.Refuse([(byte)'"', .. Json.Utf8(value), 0xFF, (byte)'"']).Reason.ShouldBe(JsonFaultReason.InvalidUtf8);
        }
    }

    [Fact]
    public void Names_alike_in_length_and_ends_are_not_duplicates() =>
        Json.Parse("""{"abcde":1,"aXcYe":2,"a\\cYe":3,"aXc\u0058e":4}""").Count.ShouldBe(4);
}
