using System.Security.Cryptography.X509Certificates;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>
/// Exim on loopback, from a directory of its own, without any privilege but those the tests run with.
/// </summary>
internal sealed class EximServer() : LocalServer("exim")
{
    public string Certificate => Path.Combine(Root.FullName, "cert.pem");

    /// <param name="tlsOnConnect">Whether it speaks TLS from the first byte, as on port 465.</param>
    public static Task<EximServer> StartAsync(bool tlsOnConnect = false) =>
        StartAsync(new EximServer(), server => server.RunAsync(tlsOnConnect));

    /// <summary>The messages delivered, once there are as many as expected.</summary>
    public async Task<IReadOnlyList<ReadMail>> WaitForMailAsync(int count)
    {
        string inbox = Path.Combine(Root.FullName, "mail", "new");
        await WaitAsync(() => Task.FromResult(Directory.Exists(inbox) && Directory.GetFiles(inbox).Length >= count));
        return await MailReader.ReadFilesAsync(Directory.GetFiles(inbox));
    }

    public string Log() => File.ReadAllText(Path.Combine(Root.FullName, "log", "mainlog"));

    private async Task RunAsync(bool tlsOnConnect)
    {
        // Exim never delivers as root, so there it runs as the user that its package made.
        bool isRoot = Environment.UserName == "root";
        string user = isRoot ? "Debian-exim" : Environment.UserName;
        string configuration = Path.Combine(Root.FullName, "exim.conf");
        string template = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Email", "exim.conf"));
        foreach (string directory in new[] { "spool", "log", "mail" })
        {
            Root.CreateSubdirectory(directory);
        }

        await WriteCertificateAsync();
        await File.WriteAllTextAsync(
            configuration,
            template
                .Replace("ROOT", Root.FullName, StringComparison.Ordinal)
                .Replace("USER", user, StringComparison.Ordinal)
        );
        if (isRoot)
        {
            await Programs.RunAsync("chown", ["-R", $"{user}:{user}", Root.FullName]);
            await Programs.RunAsync("chown", ["root:root", configuration]);
        }

        string[] tls = tlsOnConnect ? ["-tls-on-connect"] : [];
        string[] arguments = ["-C", configuration, "-bdf", "-q5s", "-oX", $"127.0.0.1:{Port}", .. tls];
        await RunAsync(user: null, Programs.Find("exim4")!, arguments);
        await WaitForPortAsync();
    }

    private async Task WriteCertificateAsync()
    {
        using var certificate = TestCertificate.Create("localhost");
        await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem());
        using var key = certificate.GetRSAPrivateKey();
        await File.WriteAllTextAsync(Path.Combine(Root.FullName, "key.pem"), key!.ExportPkcs8PrivateKeyPem());
    }
}
