using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Connectors.Webhook;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Webhook;

public sealed class WebhookConnectorTests : HttpConnectorConformance
{
    public override string ConnectorType => "webhook";

    internal const string FirstSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
    internal const string SecondSecret = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4";

    protected override string KeyHeader => "webhook-id";

    protected override IReadOnlyList<string> Secrets => [FirstSecret, SecondSecret, "/hook/s3cret"];

    // By the standard a 2xx status is success whatever the body says.
    // Receivers answer with whatever they like: the status is the answer.
    protected override DeliveryOutcome? Expected(Conduct conduct) =>
        conduct == Conduct.TakeAndBabble ? DeliveryOutcome.Delivered : base.Expected(conduct);

    [Fact]
    public async Task The_body_is_the_content_byte_for_byte()
    {
        var push = Pushes.Named("Zoë <!channel> \"\\ \u202E abc 😀");

        var (_, peer) = await SendAsync(push);

        peer.Requests.ShouldHaveSingleItem().Body.ShouldBe(push.Content.ToArray());
        peer.Requests[0].Headers["content-type"].ShouldBe("application/json");
    }

    [Fact]
    public async Task Every_secret_signs_id_time_and_body()
    {
        var (_, peer) = await SendAsync(Pushes.Create());

        var headers = peer.Requests.ShouldHaveSingleItem().Headers;
        headers["webhook-id"].ShouldBe(Pushes.Id);
        headers["webhook-timestamp"].ShouldBe("1580472005");
        headers["webhook-signature"]
            .ShouldBe(
                $"{Expected(FirstSecret, peer.Requests[0].Body)} {Expected(SecondSecret, peer.Requests[0].Body)}"
            );
    }

    // The example of the Standard Webhooks specification.
    [Fact]
    public void The_published_vector_is_met()
    {
        SigningKey.TryParse(new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), out var key).ShouldBeTrue();

        string signature = key.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8);

        signature.ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    // RFC 8032, section 7.1: keys whose public half is given along, right and wrong.
    [Theory]
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", true)]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
            + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        true
    )]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
            + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        false
    )]
    [InlineData("9d61b19deffd5a60ba844af492ec2cc4", false)]
    public void A_private_key_is_its_seed_with_or_without_the_public_key(string key, bool isKey) =>
        SigningKey.TryParse(new("whsk_" + Convert.ToBase64String(Convert.FromHexString(key))), out _).ShouldBe(isKey);

    [Theory]
    [InlineData(200, DeliveryOutcome.Delivered)]
    [InlineData(204, DeliveryOutcome.Delivered)]
    [InlineData(301, DeliveryOutcome.Misconfigured)]
    [InlineData(307, DeliveryOutcome.Misconfigured)]
    [InlineData(400, DeliveryOutcome.Rejected)]
    [InlineData(401, DeliveryOutcome.Misconfigured)]
    [InlineData(404, DeliveryOutcome.Misconfigured)]
    [InlineData(408, DeliveryOutcome.Retry)]
    [InlineData(409, DeliveryOutcome.Retry)]
    [InlineData(410, DeliveryOutcome.Rejected)]
    [InlineData(422, DeliveryOutcome.Rejected)]
    [InlineData(429, DeliveryOutcome.Retry)]
    [InlineData(500, DeliveryOutcome.Retry)]
    [InlineData(501, DeliveryOutcome.Misconfigured)]
    [InlineData(502, DeliveryOutcome.Retry)]
    [InlineData(504, DeliveryOutcome.Retry)]
    public async Task Every_status_has_its_meaning(int status, DeliveryOutcome expected)
    {
        var (result, _) = await SendAsync(Pushes.Create(), new HttpReply(status));

        result.Outcome.ShouldBe(expected);
    }

    [Theory]
    [InlineData(401, DeliveryScope.Connector)]
    [InlineData(404, DeliveryScope.Connector)]
    [InlineData(408, DeliveryScope.Connector)]
    [InlineData(409, DeliveryScope.Push)]
    [InlineData(422, DeliveryScope.Push)]
    [InlineData(425, DeliveryScope.Push)]
    [InlineData(429, DeliveryScope.Connector)]
    [InlineData(500, DeliveryScope.Connector)]
    [InlineData(503, DeliveryScope.Connector)]
    public async Task Only_what_the_server_says_of_the_request_is_the_pushes_own(int status, DeliveryScope expected)
    {
        var (result, _) = await SendAsync(Pushes.Create(), new HttpReply(status));

        result.Scope.ShouldBe(expected);
    }

    [Fact]
    public async Task A_private_address_is_refused_before_anything_is_sent()
    {
        await using var peer = await HttpPeer.StartAsync(ReplyTo);
        var options = Options(peer.Port);
        options.AllowPrivateAddresses = false;

        var result = await TestServices.Connector(options).SendAsync(Pushes.Create(), CancellationToken.None);

        result.Outcome.ShouldBe(DeliveryOutcome.Misconfigured);
        result.Detail.ShouldContain("allow-private-addresses");
        peer.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64")]
    [InlineData("whsk_c2hvcnQ=")]
    [InlineData(
        "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
    )]
    public void A_secret_that_is_none_is_named_but_not_shown(string secret)
    {
        var error = TestServices
            .Errors(new WebhookOptions { Url = new("https://example.com/"), Secrets = [new(FirstSecret), new(secret)] })
            .ShouldHaveSingleItem();

        error.Key.ShouldBe("connectors.c.secrets");
        error.Message.ShouldStartWith("number 2 is neither 'whsec_' and the base64 of 24 to 64 bytes, nor 'whsk_'");
    }

    [Theory]
    [InlineData("", "absolute")]
    [InlineData("/hook", "absolute")]
    [InlineData("ftp://example.com/", "absolute")]
    [InlineData("http://example.com/", "plain http")]
    [InlineData("https://user:pass@example.com/", "password")]
    [InlineData("https://example.com/#x", "fragment")]
    public void An_unusable_address_is_refused(string url, string reason) =>
        TestServices
            .Errors(new WebhookOptions { Url = new(url), Secrets = [new(FirstSecret)] })
            .ShouldHaveSingleItem()
            .Message.ShouldContain(reason);

    private protected override HttpConnectorOptions OptionsAt(string origin) => Options(origin);

    private protected override HttpReply Answer(Conduct conduct) => ReplyTo(conduct);

    internal static WebhookOptions Options(int port) => Options($"http://localhost:{port}");

    private static WebhookOptions Options(string origin) =>
        new()
        {
            Url = new($"{origin}/hook/s3cret"),
            AllowHttp = true,
            AllowPrivateAddresses = true,
            Secrets = [new(FirstSecret), new(SecondSecret)],
        };

    internal static HttpReply ReplyTo(Conduct conduct) =>
        conduct switch
        {
            Conduct.Accept => new(204),
            Conduct.FailForNow => new(503),
            Conduct.Refuse => new(410),
            Conduct.LimitRate => new(429, RetryAfter: "7"),
            Conduct.RefuseCredentials => new(401),
            Conduct.TakeAndBabble => new(200, "\0\u0001<html>"),
            _ => throw new ArgumentOutOfRangeException(nameof(conduct)),
        };

    private static string Expected(string secret, byte[] body)
    {
        byte[] key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{Pushes.Id}.1580472005."), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }

    private static async Task<(DeliveryResult Result, HttpPeer Peer)> SendAsync(Push push, HttpReply? reply = null)
    {
        await using var peer = await HttpPeer.StartAsync(ReplyTo);
        peer.Reply = reply;
        var clock = new FakeTimeProvider(new(2020, 1, 31, 12, 0, 5, TimeSpan.Zero));
        var connector = TestServices.Connector(Options(peer.Port), TestServices.Create(time: clock));
        return (await connector.SendAsync(push, CancellationToken.None), peer);
    }
}
