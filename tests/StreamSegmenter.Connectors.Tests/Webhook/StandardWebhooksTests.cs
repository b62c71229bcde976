using System.Text;
using System.Text.Json;
using StreamSegmenter.Connectors.Tests.Support;
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

    private static async Task<HttpRequestSeen> SendAsync(Push push)
    {
        await using var peer = await HttpPeer.StartAsync(WebhookConnectorTests.ReplyTo);
        var connector = TestServices.Connector(WebhookConnectorTests.Options(peer.Port));
        (await connector.SendAsync(push, CancellationToken.None)).Outcome.ShouldBe(DeliveryOutcome.Delivered);
        return peer.Requests.ShouldHaveSingleItem();
    }

    private Task<(bool IsAccepted, string Output)> VerifyAsync(HttpRequestSeen request, string secret)
    {
        string body = Encoding.UTF8.GetString(request.Body);
        string input = JsonSerializer.Serialize(new { headers = request.Headers, body });
        return _packages!.RunAsync("verify.js", secret, input);
    }
}
