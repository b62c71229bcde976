using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>
/// Exim on loopback, from a directory of its own, without any privilege but those the tests run with.
/// </summary>
internal sealed class EximServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("exim");
    private Process? _process;

    public int Port { get; private set; }

    public string Certificate => Path.Combine(_root.FullName, "cert.pem");

    public static async Task<EximServer> StartAsync()
    {
        var server = new EximServer();
        try
        {
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The messages delivered, once there are as many as expected.</summary>
    public async Task<IReadOnlyList<ReadMail>> WaitForMailAsync(int count)
    {
        string inbox = Path.Combine(_root.FullName, "mail", "new");
        await WaitAsync(() => Directory.Exists(inbox) && Directory.GetFiles(inbox).Length >= count);
        return await MailReader.ReadFilesAsync(Directory.GetFiles(inbox));
    }

    public string Log() => File.ReadAllText(Path.Combine(_root.FullName, "log", "mainlog"));

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _root.Delete(recursive: true);
    }

    private async Task RunAsync()
    {
        // Exim never delivers as root, so there it runs as the user that its package made.
        bool isRoot = Environment.UserName == "root";
        string user = isRoot ? "Debian-exim" : Environment.UserName;
        string configuration = Path.Combine(_root.FullName, "exim.conf");
        string template = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Email", "exim.conf"));
        foreach (string directory in new[] { "spool", "log", "mail" })
        {
            _root.CreateSubdirectory(directory);
        }

        await WriteCertificateAsync();
        await File.WriteAllTextAsync(
            configuration,
            template
                .Replace("ROOT", _root.FullName, StringComparison.Ordinal)
                .Replace("USER", user, StringComparison.Ordinal)
        );
        if (isRoot)
        {
            await Programs.RunAsync("chown", ["-R", $"{user}:{user}", _root.FullName]);
            await Programs.RunAsync("chown", ["root:root", configuration]);
        }

        Port = FreePort();
        _process = Process.Start(
            Programs.Find("exim4")!,
            ["-C", configuration, "-bdf", "-q5s", "-oX", $"127.0.0.1:{Port}"]
        );
        await WaitAsync(CanConnect);
    }

    private async Task WriteCertificateAsync()
    {
        using var certificate = TestCertificate.Create("localhost");
        await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem());
        using var key = certificate.GetRSAPrivateKey();
        await File.WriteAllTextAsync(Path.Combine(_root.FullName, "key.pem"), key!.ExportPkcs8PrivateKeyPem());
    }

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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Another process has no event to wait for.
    private static async Task WaitAsync(Func<bool> isReached)
    {
        var since = Stopwatch.StartNew();
        while (!isReached())
        {
            since.Elapsed.ShouldBeLessThan(Patience);
            await Task.Delay(20);
        }
    }
}
