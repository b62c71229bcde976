using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>
/// A mail server that is not ours and makes faults on purpose: a script, named by
/// <c>STREAMSEGMENTER_FAULTY_SMTP_SERVER</c>, whose conduct <c>docs/testing.md</c> describes.
/// </summary>
internal sealed class FaultySmtpServer() : LocalServer("faulty-smtp")
{
    public const string Variable = "STREAMSEGMENTER_FAULTY_SMTP_SERVER";
    public const string Username = "seguser";
    public const string Password = "segpass";

    // Debian's own, which has aiosmtpd; another one on the path has not.
    private const string Python = "/usr/bin/python3";

    private static readonly string Script = Environment.GetEnvironmentVariable(Variable) ?? "";

    /// <summary>Why it cannot be started; null if it can.</summary>
    public static string? Missing { get; } =
        !File.Exists(Script) ? $"needs a script of a mail server that makes faults, which {Variable} names"
        : !HasLibrary() ? $"needs {Python} with aiosmtpd, which is not installed"
        : null;

    public string Certificate => Path.Combine(Root.FullName, "cert.pem");

    private string Inbox => Path.Combine(Root.FullName, "mail");

    /// <param name="offersTls">Whether it has a certificate, and so STARTTLS and AUTH.</param>
    public static Task<FaultySmtpServer> StartAsync(
        bool offersTls = true,
        bool requiresLogin = false,
        bool requiresTls = false
    ) => StartAsync(new FaultySmtpServer(), server => server.RunAsync(offersTls, requiresLogin, requiresTls));

    /// <summary>The messages it has stored, in their order, byte for byte.</summary>
    public IReadOnlyList<byte[]> Stored() =>
        [.. StoredFiles().OrderBy(File.GetLastWriteTimeUtc).Select(File.ReadAllBytes)];

    private string[] StoredFiles() =>
        Directory.Exists(Path.Combine(Inbox, "new")) ? Directory.GetFiles(Path.Combine(Inbox, "new")) : [];

    private static bool HasLibrary()
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var process = Process.Start(Python, ["-c", "import aiosmtpd"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private async Task RunAsync(bool offersTls, bool requiresLogin, bool requiresTls)
    {
        string key = Path.Combine(Root.FullName, "key.pem");
        using var certificate = TestCertificate.Create("localhost");
        using var privateKey = certificate.GetRSAPrivateKey();
        await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, privateKey!.ExportPkcs8PrivateKeyPem());
        await RunAsync(
            user: null,
            Python,
            [Script, Text(Port), Inbox, .. offersTls ? new[] { Certificate, key } : []],
            [("AUTH_REQUIRED", requiresLogin ? "1" : "0"), ("REQUIRE_TLS", requiresTls ? "1" : "0")]
        );
        await WaitForPortAsync();
    }
}

/// <summary>A test that is skipped, with the reason, where there is no <see cref="FaultySmtpServer"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsFaultySmtpServerFactAttribute : FactAttribute
{
    public NeedsFaultySmtpServerFactAttribute() => Skip = FaultySmtpServer.Missing;
}
