using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Connectors.Tests.Webhook;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Http;

public sealed class HttpSenderTests
{
    [Theory]
    [InlineData("220 mail.example ESMTP\r\n", DeliveryOutcome.Unknown)]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", DeliveryOutcome.Unknown)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", DeliveryOutcome.Unknown)]
    [InlineData("", DeliveryOutcome.Unknown)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", DeliveryOutcome.Unknown)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", DeliveryOutcome.Unknown)]
    [InlineData("HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 5\r\n\r\nab", DeliveryOutcome.Retry)]
    public async Task A_server_that_breaks_off_has_said_no_more_than_what_it_refuses(
        string answer,
        DeliveryOutcome expected
    )
    {
        await using var peer = new RawPeer("\"options\"", answer);

        var result = await PostAsync(peer.Port);

        result.Outcome.ShouldBe(expected, result.Detail);
        peer.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Headers_without_end_are_not_read_to_the_end()
    {
        await using var peer = new RawPeer("\"options\"", "HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000));

        (await PostAsync(peer.Port)).Outcome.ShouldBe(DeliveryOutcome.Unknown);
    }

    [Fact]
    public async Task A_body_without_end_is_not_read_to_the_end()
    {
        await using var peer = await HttpPeer.StartAsync(WebhookConnectorTests.ReplyTo);
        peer.Reply = new(400, new string('x', 1_000_000));

        var result = await PostAsync(peer.Port);

        result.Outcome.ShouldBe(DeliveryOutcome.Rejected);
        result.Detail.ShouldBe("HTTP 400: " + new string('x', 299) + "…");
    }

    [Fact]
    public async Task What_the_server_says_is_shown_on_one_line_without_secrets()
    {
        await using var peer = await HttpPeer.StartAsync(WebhookConnectorTests.ReplyTo);
        peer.Reply = new(400, $"bad\r\n\u001b[31msecret {WebhookConnectorTests.FirstSecret}");

        (await PostAsync(peer.Port)).Detail.ShouldBe("HTTP 400: bad [31msecret ***");
    }

    [Fact]
    public async Task What_goes_wrong_with_an_answer_quotes_no_secrets()
    {
        await using var peer = new RawPeer("\"options\"", $"no {WebhookConnectorTests.FirstSecret}\r\n\r\n");

        string detail = (await PostAsync(peer.Port)).Detail;

        detail.ShouldStartWith("Sent, then: ");
        detail.ShouldEndWith("'no ***'.");
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_not_asked()
    {
        await using var proxy = await HttpPeer.StartAsync(WebhookConnectorTests.ReplyTo);
        Environment.SetEnvironmentVariable("http_proxy", $"http://localhost:{proxy.Port}");
        try
        {
            await using var peer = await HttpPeer.StartAsync(WebhookConnectorTests.ReplyTo);

            (await PostAsync(peer.Port)).Outcome.ShouldBe(DeliveryOutcome.Delivered);

            peer.Requests.Count.ShouldBe(1);
            proxy.Requests.ShouldBeEmpty();
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", null);
        }
    }

    [Fact]
    public async Task A_host_without_address_is_retried()
    {
        var services = TestServices.Create(
            resolve: (_, _) =>
                Task.FromException<System.Net.IPAddress[]>(
                    new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound)
                )
        );
        var connector = TestServices.Connector(WebhookConnectorTests.Options(1), services);

        var result = await connector.SendAsync(Pushes.Create(), CancellationToken.None);

        result.Outcome.ShouldBe(DeliveryOutcome.Retry, result.Detail);
    }

    private static async Task<DeliveryResult> PostAsync(int port) =>
        await TestServices
            .Connector(WebhookConnectorTests.Options(port))
            .SendAsync(Pushes.Create(), CancellationToken.None);
}
