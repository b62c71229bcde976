using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace StreamSegmenter.EndToEnd.Tests.Receiving;

/// <summary>
/// A receiver of Standard Webhooks as the standard wants it: it checks signatures, and a <c>webhook-id</c> that it
/// knows changes nothing. The last segment of the path names the connector.
/// </summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    // Longer than the connectors of these tests wait for an answer.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ReceivedPush> _byId = new(StringComparer.Ordinal);
    private readonly List<ReceivedPush> _taken = [];
    private readonly List<string> _complaints = [];
    private readonly Func<ReceiverMood> _mood;
    private readonly WebApplication _web;
    private int _deliveries;
    private int _repeats;

    private WebhookReceiver(Func<ReceiverMood> mood)
    {
        _mood = mood;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Run(HandleAsync);
    }

    /// <summary>The secret as a configuration wants it.</summary>
    public string Secret => "whsec_" + Convert.ToBase64String(_key);

    public Uri Address { get; private set; } = null!;

    /// <summary>How many deliveries came, whatever became of them.</summary>
    public int Deliveries => Volatile.Read(ref _deliveries);

    /// <summary>How many deliveries repeated one that was taken before.</summary>
    public int Repeats => Volatile.Read(ref _repeats);

    /// <summary>Every push once, in the order of their first deliveries.</summary>
    public IReadOnlyList<ReceivedPush> Taken
    {
        get
        {
            lock (_lock)
            {
                return [.. _taken];
            }
        }
    }

    /// <summary>
    /// Deliveries that no receiver should ever see: badly signed ones, repetitions with another body.
    /// </summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_lock)
            {
                return [.. _complaints];
            }
        }
    }

    public static async Task<WebhookReceiver> StartAsync(Func<ReceiverMood> mood)
    {
        WebhookReceiver receiver = new(mood);
        await receiver._web.StartAsync();
        var server = receiver._web.Services.GetRequiredService<IServer>();
        receiver.Address = new(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return receiver;
    }

    /// <summary>The HOCON of a connector that posts here.</summary>
    public string Connector(string name) =>
        $$"""
            {{name}} {
              type = webhook
              url = "{{Address}}{{name}}"
              secrets = [ "{{Secret}}" ]
              allow-http = true
              allow-private-addresses = true
              timeout = 1s
            }
            """;

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        Interlocked.Increment(ref _deliveries);
        ReceiverMood mood = _mood();
        if (mood is not (ReceiverMood.RefuseIt or ReceiverMood.CloseBeforeTakingIt))
        {
            Take(http.Request, body.ToArray());
        }

        switch (mood)
        {
            case ReceiverMood.RefuseIt:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            case ReceiverMood.FailAfterTakingIt:
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
            case ReceiverMood.CloseBeforeTakingIt or ReceiverMood.CloseAfterTakingIt:
                http.Abort();
                break;
            case ReceiverMood.TakeItAndSayNothing:
                await Task.Delay(Silence, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }

    private void Take(HttpRequest request, byte[] body)
    {
        string id = request.Headers["webhook-id"].ToString();
        string signature = Sign(id, request.Headers["webhook-timestamp"].ToString(), body);
        ReceivedPush push = new(id, request.Path.Value!.Trim('/'), Encoding.UTF8.GetString(body));
        lock (_lock)
        {
            if (request.Headers["webhook-signature"] != signature)
            {
                _complaints.Add($"{id} is badly signed");
            }

            if (_byId.TryAdd(id, push))
            {
                _taken.Add(push);
                return;
            }

            _repeats++;
            if (_byId[id] != push)
            {
                _complaints.Add($"{id} was {_byId[id]}, now {push}");
            }
        }
    }

    private string Sign(string id, string timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(_key, signed));
    }
}
