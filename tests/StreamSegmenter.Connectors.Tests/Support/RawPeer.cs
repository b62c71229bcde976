using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>A TCP server that reads until it has seen a text, then writes bytes of its own and hangs up.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public RawPeer(string readUntil, string answer)
    {
        _listener.Start();
        _running = RunAsync(readUntil, answer);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(string readUntil, string answer)
    {
        byte[] buffer = new byte[64 * 1024];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                var stream = client.GetStream();
                var seen = new StringBuilder();
                int read = -1;
                while (read != 0 && !seen.ToString().Contains(readUntil, StringComparison.Ordinal))
                {
                    read = await stream.ReadAsync(buffer, _stop.Token);
                    seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
            }
            catch (Exception exception)
                when (exception
                        is IOException
                            or SocketException
                            or OperationCanceledException
                            or ObjectDisposedException
                )
            {
                // The client went away, or the test is over.
            }
        }
    }
}
