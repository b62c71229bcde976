using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>A real server on loopback, from a directory of its own, that ends with the test.</summary>
internal abstract class LocalServer(string name) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private Process? _process;

    public int Port { get; } = FreePort();

    protected DirectoryInfo Root { get; } = Directory.CreateTempSubdirectory(name);

    public virtual async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Root.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Returns the server once it is up, and leaves nothing behind if it does not come up.</summary>
    protected static async Task<T> StartAsync<T>(T server, Func<T, Task> start)
        where T : LocalServer
    {
        try
        {
            await start(server);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server as a user without privileges, if the tests run as root.</summary>
    /// <param name="user">Whom its package made for it; null for a server that sees to that itself.</param>
    protected async Task RunAsync(
        string? user,
        string program,
        IEnumerable<string> arguments,
        IEnumerable<(string Name, string Value)>? variables = null
    )
    {
        bool changesUser = user is not null && Environment.UserName == "root";
        if (changesUser)
        {
            await Programs.RunAsync("chown", ["-R", $"{user}:{user}", Root.FullName]);
        }

        string[] prefix = changesUser ? ["--reuid", user!, "--regid", user!, "--clear-groups", program] : [];
        var start = new ProcessStartInfo(changesUser ? "setpriv" : program, [.. prefix, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root.FullName,
        };
        foreach (var (variable, value) in variables ?? [])
        {
            start.Environment[variable] = value;
        }

        _process = Process.Start(start).ShouldNotBeNull();
        _ = _process.StandardOutput.ReadToEndAsync();
        _ = _process.StandardError.ReadToEndAsync();
    }

    protected Task WaitForPortAsync() => WaitAsync(() => Task.FromResult(CanConnect()));

    // Another process has no event to wait for.
    protected async Task WaitAsync(Func<Task<bool>> isReached)
    {
        var since = Stopwatch.StartNew();
        while (!await isReached())
        {
            (_process is { HasExited: true }).ShouldBeFalse($"{GetType().Name} ended as soon as it was started");
            since.Elapsed.ShouldBeLessThan(Patience);
            await Task.Delay(20);
        }
    }

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private bool CanConnect()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
