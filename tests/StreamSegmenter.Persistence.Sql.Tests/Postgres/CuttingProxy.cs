using System.Net;
using System.Net.Sockets;

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

/// <summary>Where a connection breaks.</summary>
public enum Cut
{
    /// <summary>The server has all of the request but its end, so it takes back what it did.</summary>
    BeforeTheEndArrives,

    /// <summary>The server has done all and said so, and the client does not hear of it.</summary>
    BeforeTheAnswerArrives,

    /// <summary>The request stays in the network until it is let go, when the client is long gone.</summary>
    RequestIsHeld,
}

/// <summary>Stands between client and server and breaks their connections.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private static readonly byte[] s_sync = [(byte)'S', 0, 0, 0, 4];
    private static readonly byte[] s_readyForQuery = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private Order? _next;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many have been opened.</summary>
    public int Connections { get; private set; }

    /// <summary>Bytes that each new connection may carry before it is cut.</summary>
    public Func<(int Requests, int Answers)> Budget { get; set; } = () => (int.MaxValue, int.MaxValue);

    /// <summary>Breaks the connection of the next request.</summary>
    /// <param name="meanwhile">Runs after the server has lost the connection and before the client has.</param>
    public void CutNext(Cut cut, Func<Task>? meanwhile = null) =>
        _next = new(cut, meanwhile ?? (() => Task.CompletedTask));

    /// <summary>Lets the request go that is held, until the server has answered it.</summary>
    public async Task ReleaseAsync()
    {
        _released.SetResult();
        await _arrived.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                Connections++;
                _ = CarryAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using TcpClient server = new();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort);
                await CarryAsync(client, server);
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // One side is gone, so the other one goes too.
            }
        }
    }

    private async Task CarryAsync(TcpClient client, TcpClient server)
    {
        (int requests, int answers) = Budget();
        Wire wire = new(client.GetStream(), server.GetStream());
        Task answering = wire.AnswersAsync(answers);
        await Task.WhenAny(answering, wire.RequestsAsync(requests, TakeOrder));
        if (wire.Held is null)
        {
            server.Close();
        }

        await (wire.Order?.Meanwhile() ?? Task.CompletedTask);
        client.Close();
        if (wire.Held is { } request)
        {
            await _released.Task;
            await server.GetStream().WriteAsync(request);
            await answering;
            _arrived.SetResult();
        }
    }

    private Order? TakeOrder(ReadOnlyMemory<byte> request) =>
        request.Span.EndsWith(s_sync) ? Interlocked.Exchange(ref _next, null) : null;

    private sealed record Order(Cut Cut, Func<Task> Meanwhile);

    /// <summary>One client's connection. Either task ends when it is to be cut, or gone.</summary>
    private sealed class Wire(NetworkStream client, NetworkStream server)
    {
        public Order? Order { get; private set; }

        public byte[]? Held { get; private set; }

        public async Task AnswersAsync(int budget)
        {
            byte[] buffer = new byte[64 << 10];
            int read;
            while (budget > 0 && (read = await server.ReadAsync(buffer)) > 0)
            {
                Memory<byte> answer = buffer.AsMemory(0, Math.Min(read, budget));
                budget -= answer.Length;
                if (Order is null)
                {
                    await client.WriteAsync(answer);
                }
                else if (answer.Span.EndsWith(s_readyForQuery))
                {
                    return;
                }
            }
        }

        public async Task RequestsAsync(int budget, Func<ReadOnlyMemory<byte>, Order?> takeOrder)
        {
            byte[] buffer = new byte[64 << 10];
            int read;
            while (budget > 0 && (read = await client.ReadAsync(buffer)) > 0)
            {
                Memory<byte> request = buffer.AsMemory(0, Math.Min(read, budget));
                budget -= request.Length;
                Order ??= takeOrder(request);
                switch (Order?.Cut)
                {
                    case Cut.BeforeTheEndArrives:
                        await server.WriteAsync(request[..^s_sync.Length]);
                        return;
                    case Cut.RequestIsHeld:
                        Held = request.ToArray();
                        return;
                    default:
                        await server.WriteAsync(request);
                        break;
                }
            }
        }
    }
}
