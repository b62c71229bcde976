namespace StreamSegmenter.Architecture.Tests.Reading;

public sealed class CodeMaskTests
{
    [Theory]
    [InlineData("a ", "// { b", "\nc")]
    [InlineData("a ", "/* { \n } */", " b")]
    [InlineData("x = ", "\"{\\\"{\"", "; y")]
    [InlineData("x = ", "@\"{\"\"\\\"", "; y")]
    [InlineData("x = ", "'{'", "; y")]
    [InlineData("x = ", "'\\''", "; y")]
    [InlineData("x = ", "\"\"", "; {")]
    [InlineData("x = ", "\"\"\"{ \"\" {\"\"\"", "; y")]
    [InlineData("x = ", "$\"{a(\"}\")} {{\"", "; y")]
    [InlineData("x = ", "$$\"\"\"{ {{a(\"}\")}} \"\"\"", "; y")]
    [InlineData("x = ", "$\"{t:h'h'}\"", "; y")]
    [InlineData("", "#region it's {", "\nx")]
    [InlineData("@class = 1", "", "")]
    public void What_is_not_code_is_blanked_out_in_its_place(string before, string text, string after)
    {
        string blank = string.Concat(text.Select(character => character == '\n' ? '\n' : ' '));

        CodeMask.Of(before + text + after).ShouldBe(before + blank + after);
    }

    [Theory]
    [InlineData("x = \"never closed {")]
    [InlineData("/* never closed {")]
    [InlineData("x = $\"{ never closed")]
    [InlineData("'")]
    [InlineData("$@")]
    public void A_text_that_breaks_off_is_read_to_its_end(string source) =>
        CodeMask.Of(source).Length.ShouldBe(source.Length);
}
