using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>
/// Somebody on the way to a server on loopback, who reads what the client says, and may change what the server answers
/// or keep it back.
/// </summary>
internal sealed class WireTap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly MemoryStream _said = new();
    private readonly int _server;
    private readonly Func<string, string> _change;
    private readonly Predicate<string> _hangsUpAfter;
    private readonly Task _running;

    /// <param name="change">Makes what the client hears of what the server said, as Latin-1; null: the same.</param>
    /// <param name="hangsUpAfter">
    /// Whether the server's next answer is kept back and the client left, when so much was said; null: never.
    /// </param>
    public WireTap(int server, Func<string, string>? change = null, Predicate<string>? hangsUpAfter = null)
    {
        _server = server;
        _change = change ?? (text => text);
        _hangsUpAfter = hangsUpAfter ?? (_ => false);
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All that the clients said so far, as Latin-1.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return Encoding.Latin1.GetString(_said.ToArray());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                conversations.Add(PassOnAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task PassOnAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
                var there = CopyAsync(client.GetStream(), server.GetStream(), Record);
                var back = CopyAsync(server.GetStream(), client.GetStream(), Change);
                await Task.WhenAny(there, back);
            }
            catch (SocketException)
            {
                // The client finds nobody behind us either.
            }
        }
    }

    /// <param name="pass">What to pass on; null: hang up.</param>
    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<byte[], byte[]?> pass)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0 && pass(buffer[..read]) is { } passed)
            {
                await to.WriteAsync(passed, _stop.Token);
            }
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of them hung up, or the test is over.
        }
    }

    private byte[] Record(byte[] bytes)
    {
        lock (_said)
        {
            _said.Write(bytes);
        }

        return bytes;
    }

    private byte[]? Change(byte[] bytes) =>
        _hangsUpAfter(Said) ? null : Encoding.Latin1.GetBytes(_change(Encoding.Latin1.GetString(bytes)));
}
