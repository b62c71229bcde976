using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace StreamSegmenter.Conformance.Servers;

/// <summary>
/// PostgreSQL on loopback, from a directory of its own, with the durability that a new cluster has. It never outlives
/// the process that started it: a shell at its side waits for the end of a pipe that only that process holds open.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private const string Stopping = """
        cat >/dev/null
        read -r pid <"$1/data/postmaster.pid" && kill -INT "$pid"
        while [ -e "$1/data/postmaster.pid" ] && kill -0 "$pid"; do sleep 0.1; done
        rm -rf "$1"
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresServer>> s_shared = new(() => StartAsync());

    private readonly string _programs;
    private readonly string _directory = Directory.CreateTempSubdirectory("streamsegmenter-postgres-").FullName;
    private Process? _server;
    private Process? _watch;

    private PostgresServer(string programs) => _programs = programs;

    /// <summary>Why there can be no server here, and what to do about it; null when there can.</summary>
    public static string? Missing { get; } =
        FindPrograms() is null ? "needs PostgreSQL, which is not installed: apt-get install postgresql" : null;

    public int Port { get; private set; }

    public string Password { get; } = RandomNumberGenerator.GetHexString(16);

    /// <summary>As Npgsql writes it, without the password.</summary>
    public string ConnectionString => To(Port);

    /// <summary>Where the server has its files.</summary>
    public string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>One server for all tests of a process that keep to schemas of their own.</summary>
    public static Task<PostgresServer> SharedAsync() => s_shared.Value;

    /// <param name="settings">Like <c>fsync=off</c>.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        PostgresServer server = new(FindPrograms() ?? throw new InvalidOperationException(Missing));
        try
        {
            await server.CreateAsync();
            await server.RunAsync(settings);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string by way of another port.</summary>
    public static string To(int port) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={port};Database={User};Username={User};GSS Encryption Mode=Disable"
        );

    /// <summary>Ends all processes of the server at once, as a loss of power would.</summary>
    public async Task KillAsync()
    {
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Ends the server in good order.</summary>
    public async Task StopAsync()
    {
        await ExecuteAsync(Path.Combine(_programs, "pg_ctl"), ["-D", DataDirectory, "-m", "fast", "-w", "stop"]);
        await _server!.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Runs the server again, on the same port, after it was killed or stopped.</summary>
    public async Task RunAsync(params string[] settings)
    {
        Port = Port == 0 ? FreePort() : Port;
        string port = Port.ToString(CultureInfo.InvariantCulture);
        string[] all =
        [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=128MB",
            "log_min_messages=fatal",
            .. settings,
        ];
        string[] arguments = ["-D", DataDirectory, "-p", port, .. all.SelectMany(setting => new[] { "-c", setting })];
        ProcessStartInfo start = AsUser(Path.Combine(_programs, "postgres"), arguments);
        start.RedirectStandardError = true;
        _server = Process.Start(start)!;
        _ = _server.StandardError.ReadToEndAsync();

        Stopwatch since = Stopwatch.StartNew();
        while (!await IsReadyAsync(port))
        {
            _server.HasExited.ShouldBeFalse("PostgreSQL ended as soon as it was started");
            since.Elapsed.ShouldBeLessThan(s_patience);
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_watch is null)
        {
            Directory.Delete(_directory, recursive: true);
            return;
        }

        _watch.StandardInput.Close();
        await _watch.WaitForExitAsync();
        _watch.Dispose();
        _server?.Dispose();
    }

    private static string? FindPrograms() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .Where(programs => File.Exists(Path.Combine(programs, "initdb")))
                .Order(StringComparer.Ordinal)
                .LastOrDefault()
            : null;

    private async Task CreateAsync()
    {
        ProcessStartInfo start = new("setsid", ["sh", "-c", Stopping, "sh", _directory])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        _watch = Process.Start(start)!;
        string secret = Path.Combine(_directory, "password");
        await File.WriteAllTextAsync(secret, Password);
        if (IsRoot)
        {
            await ExecuteAsync("chown", ["-R", User, _directory], asUser: false);
        }

        string[] cluster = ["-D", DataDirectory, "-U", User, "--no-locale", "-E", "UTF8", "--no-sync"];
        string[] login = ["--auth", "scram-sha-256", "--pwfile", secret];
        await ExecuteAsync(Path.Combine(_programs, "initdb"), [.. cluster, .. login]);
    }

    private static bool IsRoot => Environment.UserName == "root";

    // PostgreSQL does not run as root, so there it runs as the user that its package made.
    private static ProcessStartInfo AsUser(string program, string[] arguments) =>
        IsRoot
            ? new("setpriv", [$"--reuid={User}", $"--regid={User}", "--clear-groups", program, .. arguments])
            {
                WorkingDirectory = "/",
            }
            : new(program, arguments);

    private async Task<bool> IsReadyAsync(string port)
    {
        using Process ask = Process.Start(
            new ProcessStartInfo(Path.Combine(_programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", port])
        )!;
        await ask.WaitForExitAsync();
        return ask.ExitCode == 0;
    }

    private static async Task ExecuteAsync(string program, string[] arguments, bool asUser = true)
    {
        ProcessStartInfo start = asUser ? AsUser(program, arguments) : new(program, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, errors + await output);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
