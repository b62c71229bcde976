using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace StreamSegmenter.EndToEnd.Tests.Clients;

/// <summary>
/// Stands between producers and a node. When the node has accepted the first batch, the producer never hears of it: the
/// gateway does what it was told to do with the node, and closes the connection instead of answering.
/// </summary>
public sealed class AnswerLosingGateway : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HttpClient _node;
    private readonly Func<Task> _loseNode;
    private readonly SemaphoreSlim _one = new(1, 1);

    private AnswerLosingGateway(Uri node, Func<Task> loseNode)
    {
        _node = new() { BaseAddress = node };
        _loseNode = loseNode;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Run(HandleAsync);
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>How many requests it received.</summary>
    public int Requests { get; private set; }

    /// <summary>Whether the node accepted a batch without its producer hearing of it.</summary>
    public bool HasLostAnswer { get; private set; }

    public static async Task<AnswerLosingGateway> StartAsync(Uri node, Func<Task> loseNode)
    {
        AnswerLosingGateway gateway = new(node, loseNode);
        await gateway._web.StartAsync();
        var server = gateway._web.Services.GetRequiredService<IServer>();
        gateway.Address = new(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _node.Dispose();
        _one.Dispose();
    }

    // One at a time: nobody meets the node while it is gone.
    private async Task HandleAsync(HttpContext http)
    {
        await _one.WaitAsync();
        try
        {
            Requests++;
            using HttpResponseMessage answer = await ForwardAsync(http.Request);
            if (!HasLostAnswer && answer.IsSuccessStatusCode)
            {
                await _loseNode();
                HasLostAnswer = true;
                http.Abort();
                return;
            }

            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await http.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequest request)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body);
        using HttpRequestMessage copy = new(new(request.Method), request.Path);
        copy.Content = new ByteArrayContent(body.ToArray());
        foreach (string name in (string[])["Content-Type", "Content-Encoding"])
        {
            copy.Content.Headers.TryAddWithoutValidation(name, request.Headers[name].ToArray());
        }

        copy.Headers.TryAddWithoutValidation("Authorization", request.Headers.Authorization.ToArray());
        return await _node.SendAsync(copy);
    }
}
