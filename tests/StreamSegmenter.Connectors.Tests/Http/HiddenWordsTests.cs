using System.Text.Json;
using StreamSegmenter.Connectors.Http;

namespace StreamSegmenter.Connectors.Tests.Http;

public sealed class HiddenWordsTests
{
    private const string Slack = "https://hooks.slack.com/services/T01234567/B0/zXcVbNmToken";
    private const string Teams = "https://x.example/workflows/4f0a/invoke?sp=%2Frun&sv=1.0&sig=Ab_c-%2Bde%2Ff";

    [Theory]
    [InlineData(Slack, "no /services/T01234567/B0/zXcVbNmToken here", "no *** here")]
    [InlineData(Slack, "no zXcVbNmToken here", "no *** here")]
    [InlineData(Slack, "no ZXCVBNMTOKEN here", "no *** here")]
    [InlineData(Slack, @"{""path"":""\/services\/T01234567\/B0\/zXcVbNmToken""}", @"{""path"":""***""}")]
    [InlineData(Slack, "at=%2Fservices%2FT01234567%2FB0%2FzXcVbNmToken", "at=***")]
    [InlineData(Slack, "at=%2fservices%2fT01234567%2fB0%2fzXcVbNmToken", "at=***")]
    [InlineData(Teams, "the signature sig=Ab_c-%2Bde%2Ff is wrong", "the signature *** is wrong")]
    [InlineData(Teams, "the signature Ab_c-%2Bde%2Ff is wrong", "the signature *** is wrong")]
    [InlineData(Teams, "the signature Ab_c-+de/f is wrong", "the signature *** is wrong")]
    [InlineData(Teams, @"the signature Ab_c-\u002Bde\/f is wrong", "the signature *** is wrong")]
    [InlineData(Teams, @"the signature Ab_c-\u002Bde\u002Ff is wrong", "the signature *** is wrong")]
    [InlineData(Teams, "HTTP/1.0 says invoke", "HTTP/1.0 says invoke")]
    [InlineData("https://x.example/", "a/b stays", "a/b stays")]
    public void The_parts_of_an_address_are_hidden(string url, string said, string shown) =>
        new HiddenWords(HiddenWords.PartsOf(new(url))).Hide(said).ShouldBe(shown);

    [Fact]
    public void A_secret_is_hidden_as_others_write_it()
    {
        const string Secret = "p+q/r\"s é&t";
        var hidden = new HiddenWords([new(Secret), default]);

        foreach (
            string form in (string[])
                [
                    Secret,
                    JsonSerializer.Serialize(Secret)[1..^1],
                    Uri.EscapeDataString(Secret),
                    JsonSerializer.Serialize(Secret)[1..^1].Replace("/", "\\/"),
                ]
        )
        {
            hidden.Hide($"<{form}>").ShouldBe("<***>", form);
        }
    }
}
