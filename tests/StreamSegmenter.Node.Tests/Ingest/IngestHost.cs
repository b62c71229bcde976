using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Node.Ingest;

namespace StreamSegmenter.Node.Tests.Ingest;

/// <summary>The ingest behind a real Kestrel on a loopback port, over stores in memory.</summary>
internal sealed class IngestHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IngestInstruments _instruments = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _ids;

    private IngestHost(IngestOptions options, ILogger<IngestHandler>? logger)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        IngestHandler handler = new(
            options,
            Log,
            DeadLetters,
            Backpressure,
            TimeProvider.System,
            () => $"generated-{Interlocked.Increment(ref _ids)}",
            _instruments,
            logger ?? NullLogger<IngestHandler>.Instance,
            _stopping.Token
        );
        IngestEndpoints.Map(_app, handler);
    }

    public MemoryLog Log { get; } = new();

    public MemoryDeadLetters DeadLetters { get; } = new();

    public SwitchedBackpressure Backpressure { get; } = new();

    public HttpClient Client { get; } = new();

    public Uri Address => Client.BaseAddress!;

    public static async Task<IngestHost> StartAsync(
        IngestOptions? options = null,
        ILogger<IngestHandler>? logger = null
    )
    {
        IngestHost host = new(options ?? new(), logger);
        await host._app.StartAsync();
        host.Client.BaseAddress = new(host._app.Urls.Single());
        return host;
    }

    public void BeginShutdown() => _stopping.Cancel();

    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), "application/json");

    public async Task<HttpResponseMessage> PostAsync(
        string path,
        byte[] body,
        string? contentType,
        string? contentEncoding = null,
        string? basicUser = null
    )
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = contentType is null ? null : new(contentType);
        if (contentEncoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(contentEncoding);
        }

        if (basicUser is not null)
        {
            string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(basicUser + ":"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _instruments.Dispose();
        _stopping.Dispose();
    }
}

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    /// <summary>The counts of an answer that must be a 200.</summary>
    public static async Task<(int Accepted, int Rejected)> CountsAsync(this HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        JsonElement json = await response.JsonAsync();
        json.GetProperty("success").GetBoolean().ShouldBeTrue();
        return (json.GetProperty("accepted").GetInt32(), json.GetProperty("rejected").GetInt32());
    }
}
