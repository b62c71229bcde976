using System.Security.Cryptography;
using System.Text;

namespace StreamSegmenter.Node.Api;

/// <summary>
/// What a caller must present as <c>Authorization: Bearer SECRET</c>. Only its hash is compared, and always all of it.
/// </summary>
internal sealed class BearerSecret(string secret)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash = Hash(secret);

    /// <summary>The header's value for calling others.</summary>
    public string Header => Scheme + secret;

    public bool Admits(string? header) =>
        header is not null
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), _hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
