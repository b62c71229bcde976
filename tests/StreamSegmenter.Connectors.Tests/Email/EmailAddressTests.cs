using StreamSegmenter.Connectors.Email;

namespace StreamSegmenter.Connectors.Tests.Email;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("ann.b+tag@mail.example.co.uk", "ann.b+tag@mail.example.co.uk")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com")]
    [InlineData("1@2.example", "1@2.example")]
    [InlineData("ann@bücher.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@例え.テスト", "ann@xn--r8jz45g.xn--zckzah")]
    public void An_address_is_taken(string text, string expected)
    {
        EmailAddress.TryParse(text, out var address).ShouldBeTrue();
        address.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("@example.com")]
    [InlineData("ann@")]
    [InlineData("ann@localhost")]
    [InlineData("ann@example..com")]
    [InlineData("ann@example.com.")]
    [InlineData("ann@-example.com")]
    [InlineData("ann@example-.com")]
    [InlineData("ann@exa_mple.com")]
    [InlineData("ann@[127.0.0.1]")]
    [InlineData("ann@127.0.0.1")]
    [InlineData(".ann@example.com")]
    [InlineData("ann.@example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a b@example.com")]
    [InlineData(" ann@example.com")]
    [InlineData("ann@example.com ")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("<ann@example.com>")]
    [InlineData("ann@example.com,bob@example.com")]
    [InlineData("ann@example.com\r\nBcc: bob@example.com")]
    [InlineData("ann\r\n@example.com")]
    [InlineData("ann@example.com\0")]
    [InlineData("änn@example.com")]
    [InlineData("ann@exa\u200Bmple.com\u0000")]
    public void Anything_else_is_not(string? text) => EmailAddress.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Lengths_are_bounded()
    {
        EmailAddress.TryParse(new string('a', 64) + "@example.com", out _).ShouldBeTrue();
        EmailAddress.TryParse(new string('a', 65) + "@example.com", out _).ShouldBeFalse();
        EmailAddress.TryParse("a@" + new string('b', 64) + ".com", out _).ShouldBeFalse();
        EmailAddress.TryParse("a@" + string.Concat(Enumerable.Repeat("bcdefghij.", 26)) + "com", out _).ShouldBeFalse();
    }
}
