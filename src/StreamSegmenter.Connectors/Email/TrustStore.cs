using System.Security.Cryptography.X509Certificates;

namespace StreamSegmenter.Connectors.Email;

/// <summary>Certificates that are trusted instead of the system's; those if no file is given.</summary>
internal sealed class TrustStore(string? path)
{
    private readonly X509Certificate2Collection? _certificates = path is null ? null : Load(path);

    public static X509Certificate2Collection Load(string path)
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
