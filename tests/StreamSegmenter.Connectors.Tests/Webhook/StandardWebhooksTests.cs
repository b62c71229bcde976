using System.Diagnostics;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Webhook;

/// <summary>Our requests, verified by the public library of Standard Webhooks as a receiver would.</summary>
public sealed class StandardWebhooksTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("webhooks");

    public async Task InitializeAsync()
    {
        if (Programs.Find("npm") is null)
        {
            return;
        }

        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Node")))
        {
            File.Copy(file, Path.Combine(_directory.FullName, Path.GetFileName(file)));
        }

        string[] install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        await Programs.RunAsync("npm", install, _directory.FullName);
    }

    public Task DisposeAsync()
    {
        _directory.Delete(recursive: true);
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

    private async Task<(bool IsAccepted, string Output)> VerifyAsync(HttpRequestSeen request, string secret)
    {
        var start = new ProcessStartInfo("node", ["verify.js", secret])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = _directory.FullName,
        };
        using var process = Process.Start(start).ShouldNotBeNull();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        string body = Encoding.UTF8.GetString(request.Body);
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(new { headers = request.Headers, body }));
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode == 0, await output + await errors);
    }
}
