using System.Text;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.EndToEnd.Tests.Receiving;

namespace StreamSegmenter.EndToEnd.Tests.Operation;

/// <summary>
/// A node's directory whose configuration pushes the first event of every customer to a willing receiver.
/// </summary>
public sealed class OperatedNode : IAsyncDisposable
{
    private readonly HttpClient _http;

    private OperatedNode(WebhookReceiver receiver)
    {
        Receiver = receiver;
        Directory = new(
            $$"""
            connectors {
            {{receiver.Connector("crm")}}
            }
            segments.known { rule = "exists(any)", on-enter = [ { to = crm } ] }
            """
        );
        SocketsHttpHandler handler = new() { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        _http = new(handler) { BaseAddress = Directory.Address };
    }

    public WebhookReceiver Receiver { get; }

    public NodeDirectory Directory { get; }

    public static async Task<OperatedNode> CreateAsync() =>
        new(await WebhookReceiver.StartAsync(static () => ReceiverMood.TakeIt));

    public static string Event(string customer) =>
        $$"""{"type":"track","event":"visit","userId":"{{customer}}","messageId":"of-{{customer}}"}""";

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task<SegmenterProcess> StartAsync()
    {
        SegmenterProcess node = Directory.Run();
        await node.MustBecomeReadyAsync(Directory.Address);
        return node;
    }

    public Task<HttpResponseMessage> PostAsync(HttpContent content)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/v1/batch") { Content = content };
        // The body's first byte is sent when the node asks for it: from then on the request is in the node's hands.
        request.Headers.ExpectContinue = true;
        return _http.SendAsync(request);
    }

    /// <summary>Sends one event of each customer, in one batch, which must be accepted.</summary>
    public async Task SendAsync(IEnumerable<string> customers)
    {
        string body = $$"""{"batch":[{{string.Join(',', customers.Select(Event))}}]}""";
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await PostAsync(content);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Receiver.DisposeAsync();
        Directory.Dispose();
    }
}
