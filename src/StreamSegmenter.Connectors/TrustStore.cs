using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StreamSegmenter.Connectors;

/// <summary>Certificates that are trusted instead of the system's; those if no file is given.</summary>
internal sealed class TrustStore(string? path)
{
    private readonly X509Certificate2Collection? _certificates = path is null ? null : Load(path);

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Whether a file takes the place of the system's authorities.</summary>
    public bool IsCustom => _certificates is not null;

    /// <summary>Why the file cannot be used; null when it can, or when there is none.</summary>
    public static string? ProblemOf(string? path)
    {
        try
        {
            return path is null || Load(path).Count > 0 ? null : "holds no certificate";
        }
        catch (Exception exception)
        {
            return $"cannot be read: {exception.Message}";
        }
    }

    /// <summary>Whether a server that has shown this certificate, and these to support it, is trusted.</summary>
    public bool Trusts(X509Certificate? certificate, X509Chain? shown, SslPolicyErrors errors)
    {
        const SslPolicyErrors others = ~SslPolicyErrors.RemoteCertificateChainErrors;
        if (certificate is not X509Certificate2 server || (errors & others) != 0 || CreatePolicy() is not { } policy)
        {
            return false;
        }

        using var chain = new X509Chain();
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (shown is not null)
        {
            policy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        }

        chain.ChainPolicy = policy;
        return chain.Build(server);
    }

    private static X509Certificate2Collection Load(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates;
    }

    /// <summary>A policy for one handshake.</summary>
    public X509ChainPolicy? CreatePolicy()
    {
        if (_certificates is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_certificates);
        return policy;
    }
}
