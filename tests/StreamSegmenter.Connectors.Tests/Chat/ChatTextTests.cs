using System.Text.RegularExpressions;
using StreamSegmenter.Connectors.Chat;
using StreamSegmenter.Connectors.Templates;

namespace StreamSegmenter.Connectors.Tests.Chat;

public sealed partial class ChatTextTests
{
    // What follows is no mention for as long as it is whole.
    [Theory]
    [InlineData("@all")]
    [InlineData("@here")]
    [InlineData("@channel")]
    [InlineData("@everyone")]
    [InlineData("@room")]
    [InlineData("@ALL")]
    public void No_cut_makes_a_mention(string mention)
    {
        string text = MassMentions.Neutralise(
            $"aaa {mention}XYZ {mention}zzz &amp;{mention}9 {mention} {mention}\u00e9e"
        );
        Mention().IsMatch(text).ShouldBeFalse();

        for (int length = 1; length <= text.Length; length++)
        {
            string cut = ChatText.Cut(text, length);

            cut.Length.ShouldBeLessThanOrEqualTo(length);
            Mention().IsMatch(cut).ShouldBeFalse($"{length}: {cut}");
            string kept = length < text.Length ? cut[..^1] : cut;
            text.Replace("\u200B", "").ShouldStartWith(kept.Replace("\u200B", ""));
        }
    }

    [Fact]
    public void A_text_that_fits_is_left_as_it_is() => ChatText.Cut("to @all", 7).ShouldBe("to @all");

    [GeneratedRegex(
        @"@(all|here|channel|everyone|room)(?![\p{L}\p{N}])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Mention();
}
