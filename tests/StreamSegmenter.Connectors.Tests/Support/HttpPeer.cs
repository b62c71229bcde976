using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>What an HTTP system answers.</summary>
internal sealed record HttpReply(int Status, string Body = "", string? RetryAfter = null, string? Location = null);

/// <summary>What an HTTP system was asked.</summary>
internal sealed record HttpRequestSeen(
    string Method,
    IReadOnlyDictionary<string, string> Headers,
    string Path,
    string Query,
    byte[] Body
)
{
    public JsonElement Json => Pushes.Json(Body);
}

/// <summary>An HTTP server on loopback.</summary>
/// <param name="replies">What this system answers for a conduct; silence and hanging up are the same for all.</param>
internal sealed class HttpPeer(Func<Conduct, HttpReply> replies, string keyHeader) : ScriptedPeer, IListeningPeer
{
    private readonly List<HttpRequestSeen> _requests = [];
    private WebApplication? _app;
    private int _port;

    public int Port => _port;

    public IReadOnlyList<HttpRequestSeen> Requests => _requests;

    /// <summary>What it proves itself with; null without TLS.</summary>
    public X509Certificate2? Certificate { get; private set; }

    public HttpReply? Reply { get; set; }

    /// <summary>Answers what a connector looks up before it pushes; null for what is a push.</summary>
    public Func<HttpRequestSeen, HttpReply?> Lookup { get; set; } = _ => null;

    public static async Task<HttpPeer> StartAsync(
        Func<Conduct, HttpReply> replies,
        string keyHeader = "none",
        bool tls = false
    )
    {
        var peer = new HttpPeer(replies, keyHeader);
        peer.Certificate = tls ? TestCertificate.Create("localhost") : null;
        await peer.StartAsync(peer.Certificate);
        return peer;
    }

    public override async ValueTask DisposeAsync()
    {
        Release();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }

    private async Task StartAsync(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                }
            )
        );
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        _port = new Uri(addresses!.Addresses.First()).Port;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        HttpRequestSeen seen;
        lock (_requests)
        {
            var headers = context.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            );
            seen = new(
                context.Request.Method,
                headers,
                context.Request.Path,
                context.Request.QueryString.ToString(),
                body.ToArray()
            );
            _requests.Add(seen);
        }

        if (Lookup(seen) is { } found)
        {
            await WriteAsync(context, found);
            return;
        }

        string key = context.Request.Headers[keyHeader].ToString();
        Take(new(key, Encoding.UTF8.GetString(body.ToArray())));
        switch (Conduct)
        {
            case Conduct.TakeAndHangUp:
                context.Abort();
                return;
            case Conduct.TakeAndHold:
                await HoldAsync();
                break;
        }

        await WriteAsync(context, Reply ?? replies(Conduct == Conduct.TakeAndHold ? Conduct.Accept : Conduct));
    }

    private static async Task WriteAsync(HttpContext context, HttpReply reply)
    {
        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is not null)
        {
            context.Response.Headers.RetryAfter = reply.RetryAfter;
        }

        if (reply.Location is not null)
        {
            context.Response.Headers.Location = reply.Location;
        }

        if (reply.Status != 204)
        {
            await context.Response.WriteAsync(reply.Body);
        }
    }
}
