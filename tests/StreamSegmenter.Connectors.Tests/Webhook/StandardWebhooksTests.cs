using System.Text;
using System.Text.Json;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Connectors.Webhook;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Webhook;

/// <summary>Our requests, verified by the public library of Standard Webhooks as a receiver would.</summary>
public sealed class StandardWebhooksTests : IAsyncLifetime
{
    private NodePackages? _packages;

    public async Task InitializeAsync() =>
        _packages = Programs.Find("npm") is null ? null : await NodePackages.InstallAsync("Node");

    public Task DisposeAsync()
    {
        _packages?.Dispose();
        return Task.CompletedTask;
    }

    [NeedsFact("node", "npm")]
    public async Task The_library_accepts_what_we_sign_by_either_secret()
    {
        var push = Pushes.Named("Zoë 😀 <!channel>");
        var request = await SendAsync(push);

        foreach (string secret in new[] { WebhookConnectorTests.FirstSecret, WebhookConnectorTests.SecondSecret })
        {
            var (isAccepted, payload) = await VerifyAsync(request, secret);

            isAccepted.ShouldBeTrue(payload);
            using var json = JsonDocument.Parse(payload);
            json.RootElement.GetProperty("profile").GetProperty("name").GetString().ShouldBe("Zoë 😀 <!channel>");
        }
    }

    [NeedsFact("node", "npm")]
    public async Task The_library_refuses_another_secret_and_another_body()
    {
        var request = await SendAsync(Pushes.Create());
        byte[] changed = [.. request.Body, (byte)' '];

        (await VerifyAsync(request, "whsec_" + Convert.ToBase64String(new byte[24]))).IsAccepted.ShouldBeFalse();
        (
            await VerifyAsync(request with { Body = changed }, WebhookConnectorTests.FirstSecret)
        ).IsAccepted.ShouldBeFalse();
    }

    // The key pair of RFC 8032, section 7.1, test 2.
    private const string Seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    private const string Public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

    [NeedsFact("node", "npm")]
    public async Task Nodes_Ed25519_accepts_what_we_sign_beside_the_librarys_own_scheme()
    {
        string old = "whsk_" + Convert.ToBase64String(Convert.FromHexString(new string('1', 64)));
        string current = "whsk_" + Convert.ToBase64String(Convert.FromHexString(Seed + Public));
        string known = "whpk_" + Convert.ToBase64String(Convert.FromHexString(Public));
        string unknown = "whpk_" + Convert.ToBase64String(new byte[32]);
        var request = await SendAsync(
            Pushes.Named("Zoë 😀"),
            options => options.Secrets = [new(old), new(current), new(WebhookConnectorTests.FirstSecret)]
        );
        byte[] changed = [.. request.Body, (byte)' '];

        (await VerifyAsync(request, known, "verify-v1a.js")).IsAccepted.ShouldBeTrue();
        (await VerifyAsync(request, unknown, "verify-v1a.js")).IsAccepted.ShouldBeFalse();
        (await VerifyAsync(request with { Body = changed }, known, "verify-v1a.js")).IsAccepted.ShouldBeFalse();
        (await VerifyAsync(request, WebhookConnectorTests.FirstSecret)).IsAccepted.ShouldBeTrue();
    }

    private static async Task<HttpRequestSeen> SendAsync(Push push, Action<WebhookOptions>? configure = null)
    {
        await using var peer = await HttpPeer.StartAsync(WebhookConnectorTests.ReplyTo);
        var options = WebhookConnectorTests.Options(peer.Port);
        configure?.Invoke(options);
        var connector = TestServices.Connector(options);
        (await connector.SendAsync(push, CancellationToken.None)).Outcome.ShouldBe(DeliveryOutcome.Delivered);
        return peer.Requests.ShouldHaveSingleItem();
    }

    private Task<(bool IsAccepted, string Output)> VerifyAsync(
        HttpRequestSeen request,
        string secret,
        string script = "verify.js"
    )
    {
        string body = Encoding.UTF8.GetString(request.Body);
        string input = JsonSerializer.Serialize(new { headers = request.Headers, body });
        return _packages!.RunAsync(script, secret, input);
    }
}
