using StreamSegmenter.Connectors.Email;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Email;

/// <summary>Whether what a server refuses is about one mail or about all.</summary>
public sealed class SmtpReplyScopeTests
{
    [Theory]
    [InlineData("greeting", "421 later", DeliveryScope.Connector)]
    [InlineData("greeting", "450 later", DeliveryScope.Connector)]
    [InlineData("EHLO", "451 later", DeliveryScope.Connector)]
    [InlineData("AUTH", "454 4.7.0 later", DeliveryScope.Connector)]
    [InlineData("AUTH", "535 5.7.8 wrong", DeliveryScope.Connector)]
    [InlineData("MAIL", "450 4.7.1 too much from you", DeliveryScope.Connector)]
    [InlineData("RCPT", "471 4.9.9 deferred", DeliveryScope.Push)]
    [InlineData("RCPT", "451 4.7.1 greylisted", DeliveryScope.Push)]
    [InlineData("RCPT", "450 4.3.2 greylisted in other words", DeliveryScope.Push)]
    [InlineData("RCPT", "452 4.2.2 mailbox full", DeliveryScope.Push)]
    [InlineData("RCPT", "421 4.7.0 too many", DeliveryScope.Connector)]
    [InlineData("RCPT", "530 5.7.0 login first", DeliveryScope.Connector)]
    [InlineData("RCPT", "550 5.1.1 unknown", DeliveryScope.Push)]
    [InlineData("DATA", "451 later", DeliveryScope.Push)]
    [InlineData("DATA", "421 closing", DeliveryScope.Connector)]
    [InlineData(".", "451 4.7.1 perhaps spam", DeliveryScope.Push)]
    [InlineData(".", "421 closing", DeliveryScope.Connector)]
    [InlineData(".", "", DeliveryScope.Connector)]
    public async Task A_refusal_after_the_recipient_was_named_is_about_that_mail(
        string command,
        string reply,
        DeliveryScope expected
    )
    {
        await using var peer = new SmtpPeer { Replies = { [command] = reply } };
        var connector = TestServices.Connector(
            new EmailOptions
            {
                Host = "127.0.0.1",
                Port = peer.Port,
                Security = MailSecurity.None,
                Username = "user",
                Password = new("pass"),
                AllowPlaintextLogin = true,
                From = "Shop <shop@example.com>",
            }
        );

        var result = await connector.SendAsync(Pushes.Create(), CancellationToken.None);
        await ((IAsyncDisposable)connector).DisposeAsync();

        result.Scope.ShouldBe(expected, result.Detail);
    }
}
