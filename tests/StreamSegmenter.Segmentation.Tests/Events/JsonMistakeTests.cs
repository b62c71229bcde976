using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

/// <summary>What a producer reads whose text is not JSON.</summary>
public sealed class JsonMistakeTests
{
    [Theory]
    [InlineData("", "there is nothing in it; send a JSON object (line 1, column 1)")]
    [InlineData(" \n", "there is nothing in it; send a JSON object (line 2, column 1)")]
    [InlineData("{\"a\":1", "it ends too early; close what is open, or send the whole of it (line 1, column 7)")]
    [InlineData("{\"a\":", "it ends too early; close what is open, or send the whole of it (line 1, column 6)")]
    [InlineData("{\"a\":\"x", "a string has no closing quote; add it, or send the whole text (line 1, column 8)")]
    [InlineData("{\"a\":\"x\ny\"}", "write the control character in this string as \\u000a (line 1, column 8)")]
    [InlineData(
        "[\"a\\x\"]",
        "unknown escape in a string; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits (line 1, column 5)"
    )]
    [InlineData("{'a':1}", "names and strings stand in double quotes, not in single ones (line 1, column 2)")]
    [InlineData("{a:1}", "a is none of true, false and null; put names and text in double quotes (line 1, column 2)")]
    [InlineData("[NaN]", "NaN is none of true, false and null; put names and text in double quotes (line 1, column 2)")]
    [InlineData(
        "{\n\"a\": tru }",
        "tru is none of true, false and null; put names and text in double quotes (line 2, column 9)"
    )]
    [InlineData("[1,2,]", "remove the comma before ']' (line 1, column 6)")]
    [InlineData("{\"a\":1, }", "remove the comma before '}' (line 1, column 9)")]
    [InlineData("{\"a\":012}", "012 is no JSON number; write it as e.g. -12.5e3 (line 1, column 7)")]
    [InlineData("[+1]", "+1 is no JSON number; write it as e.g. -12.5e3 (line 1, column 2)")]
    [InlineData("[1] // no", "there are no comments in JSON; remove it (line 1, column 5)")]
    [InlineData("{} {}", "something follows the JSON value; send that value alone (line 1, column 4)")]
    [InlineData("{\"a\" 1}", "'1' cannot stand here; check the quotes, commas and colons before it (line 1, column 6)")]
    [InlineData("{\"a\":]", "']' cannot stand here; check the quotes, commas and colons before it (line 1, column 6)")]
    [InlineData("[1}", "'}' cannot stand here; check the quotes, commas and colons before it (line 1, column 3)")]
    [InlineData("[ä]", "'ä' cannot stand here; check the quotes, commas and colons before it (line 1, column 2)")]
    public void A_mistake_is_told_with_its_place_and_its_cure(string text, string expected) =>
        Json.Refuse(text).Message.ShouldBe(expected);
}
