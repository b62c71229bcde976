using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Node.Tests.Configuration;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Tests.Consents;

/// <summary>A node on files of its own, and a client of its ingest and its API.</summary>
internal sealed class WholeNode : IShardObserver, IDeliveryObserver, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false });
    private SegmenterNode _node = null!;

    /// <summary>Starts it with these settings beside those of its addresses and files.</summary>
    public static async Task<WholeNode> StartAsync(string configuration)
    {
        var whole = new WholeNode();
        string text = $$"""
            http.listen = "127.0.0.1:0"
            api.listen = "127.0.0.1:0"
            storage.directory = "{{whole._directory.Path}}"
            {{configuration}}
            """;
        whole.Configuration = Loading.Loaded(text);
        NodeSettings settings = NodeSettingsFactory.Create(
            whole.Configuration,
            TimeProvider.System,
            TextWriter.Null,
            NullLoggerFactory.Instance
        );
        whole._node = await SegmenterNode.StartAsync(
            settings,
            new(whole, whole),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            default
        );
        return whole;
    }

    public NodeConfiguration Configuration { get; private set; } = null!;

    public IConsentReader Consents => _node.Consents;

    public async Task<(HttpStatusCode Status, JsonElement Answer)> ApiAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? secret = null
    )
    {
        using HttpResponseMessage answer = await SendAsync(new(_node.ApiAddress, path), method, body, secret);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Calls the ingest's side of the node.</summary>
    public Task<HttpResponseMessage> IngestAsync(HttpMethod method, string path, string? body = null) =>
        SendAsync(new(_node.Address, path), method, body, null);

    /// <summary>Sends an event, which must be taken.</summary>
    public async Task EventAsync(string json)
    {
        using HttpResponseMessage answer = await IngestAsync(HttpMethod.Post, "/v1/batch", $"{{\"batch\":[{json}]}}");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"accepted\":1");
    }

    /// <summary>What is told of a customer's consents, once it is so much history.</summary>
    public async Task<JsonElement> ConsentsOfAsync(string customer, int history)
    {
        using CancellationTokenSource late = new(Patience);
        while (true)
        {
            (HttpStatusCode status, JsonElement answer) = await ApiAsync(
                HttpMethod.Get,
                $"/v1/customers/consent?id={Uri.EscapeDataString(customer)}"
            );
            status.ShouldBe(HttpStatusCode.OK);
            if (answer.GetProperty("history").GetArrayLength() >= history)
            {
                answer.GetProperty("history").GetArrayLength().ShouldBe(history);
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), late.Token);
        }
    }

    /// <summary>What became of the pushes of all connectors, once none of so many is pending.</summary>
    public async Task<OutboxCounts> SettledAsync(int pushes)
    {
        using CancellationTokenSource late = new(Patience);
        while (true)
        {
            OutboxCounts counts = (await _node.Outbox.CountAsync(late.Token)).Values.SingleOrDefault();
            if (counts.Pending == 0 && counts.Delivered + counts.Dead + counts.Dropped == pushes)
            {
                return counts;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), late.Token);
        }
    }

    public async Task<JsonElement> CustomerAsync(string customer) =>
        (await ApiAsync(HttpMethod.Get, $"/v1/customers?id={customer}")).Answer;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    public void TransitionsCommitted(ShardId shard, IReadOnlyList<Transition> transitions) { }

    public void Stopped(ShardId shard, Exception? error) { }

    public void WillRestart(ShardId shard, Exception error, TimeSpan pause) { }

    public void AttemptEnded(Push push, DeliveryResult result, TimeSpan took) { }

    public void PushFinished(Push push, OutboxUpdate end) { }

    private async Task<HttpResponseMessage> SendAsync(Uri address, HttpMethod method, string? body, string? secret)
    {
        using HttpRequestMessage request = new(method, address);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {secret}");
        }

        return await _http.SendAsync(request);
    }
}
