using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Tests.Support;

namespace StreamSegmenter.Connectors.Tests.Email;

public sealed class UnsubscribeTokensTests
{
    private static readonly UnsubscribeTokens s_tokens = new("correct horse battery");

    // Made by Python's hmac and base64 from the text of docs/consent.md.
    [Theory]
    [InlineData("ann", "news", "MWVtYWlsH25ld3MfYW5uKM5bl96QDwcqQLESzRhCqg")]
    [InlineData("é\u001f/ann", null, "MWVtYWlsHx_DqR8vYW5u5gAQoFJ2K5XjccxW_Kgdtw")]
    public void A_token_is_what_the_document_says(string customer, string? purpose, string token)
    {
        UnsubscribeClaim claim = new(new(customer), "email", purpose);

        s_tokens.Make(claim).ShouldBe(token);
        s_tokens.TryRead(token, out var read).ShouldBeTrue();
        read.ShouldBe(claim);
    }

    [Fact]
    public void Every_customer_comes_back()
    {
        foreach (string customer in NaughtyStrings.All.Where(static name => name.Length is > 0 and < 256))
        {
            UnsubscribeClaim claim = new(new(customer), "sms", "a purpose");
            string token = s_tokens.Make(claim);
            token.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_');
            s_tokens.TryRead(token, out var read).ShouldBeTrue(customer);
            read.ShouldBe(claim);
        }
    }

    [Fact]
    public void A_token_that_is_changed_anywhere_is_refused()
    {
        string token = s_tokens.Make(new(new("ann"), "email", "news"));
        for (int i = 0; i < token.Length; i++)
        {
            s_tokens.TryRead(token[..i], out _).ShouldBeFalse();
            s_tokens.TryRead(token[(i + 1)..], out _).ShouldBeFalse();
            foreach (char other in "Aa0_-=. é\0".Where(other => other != token[i]))
            {
                string changed = token[..i] + other + token[(i + 1)..];
                bool isSame =
                    s_tokens.TryRead(changed, out var read)
                    && read == new UnsubscribeClaim(new("ann"), "email", "news");
                (isSame || read is null).ShouldBeTrue(changed);
                (isSame && i < token.Length - 1).ShouldBeFalse(changed);
            }
        }

        s_tokens.TryRead(token + "A", out _).ShouldBeFalse();
        s_tokens.TryRead(new string('A', 1_000_000), out _).ShouldBeFalse();
        s_tokens.TryRead("", out _).ShouldBeFalse();
    }

    [Fact]
    public void Another_secret_makes_other_tokens()
    {
        UnsubscribeTokens others = new("correct horse batterz");
        string token = others.Make(new(new("ann"), "email", null));

        s_tokens.TryRead(token, out _).ShouldBeFalse();
        Should.Throw<ArgumentException>(static () => new UnsubscribeTokens("too short"));
    }
}
