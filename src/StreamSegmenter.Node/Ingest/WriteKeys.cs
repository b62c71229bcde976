using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace StreamSegmenter.Node.Ingest;

/// <summary>
/// The keys that may send events. Only their hashes are kept, and every comparison looks at all of every hash, so that
/// the time an answer takes says nothing about how close a guess came. Thread-safe.
/// </summary>
internal sealed class WriteKeys(IReadOnlyList<IngestKey> keys)
{
    // Longer ones are no keys of ours, and need not be hashed.
    private const int MaxKeyBytes = 1024;

    private readonly (string Name, byte[] Hash)[] _keys =
    [
        .. keys.Select(key =>
            (
                key.Name,
                key.Sha256 is { } hash ? Convert.FromHexString(hash) : SHA256.HashData(Encoding.UTF8.GetBytes(key.Key!))
            )
        ),
    ];

    /// <summary>No key is configured: everybody may send.</summary>
    public bool IsOpen => _keys.Length == 0;

    public bool TryFind(ReadOnlySpan<byte> key, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (key.Length is 0 or > MaxKeyBytes)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        foreach ((string candidate, byte[] expected) in _keys)
        {
            name = CryptographicOperations.FixedTimeEquals(hash, expected) ? candidate : name;
        }

        return name is not null;
    }

    /// <summary>
    /// The user name of a Basic <c>Authorization</c> header: that is where Segment's clients put the key.
    /// </summary>
    public static bool TryReadBasic(string header, [NotNullWhen(true)] out byte[]? key)
    {
        const string scheme = "Basic ";
        key = null;
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || header.Length > 4 * MaxKeyBytes)
        {
            return false;
        }

        byte[] decoded = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[scheme.Length..].Trim(), decoded, out int length))
        {
            return false;
        }

        int colon = decoded.AsSpan(0, length).IndexOf((byte)':');
        key = decoded[..(colon < 0 ? length : colon)];
        return true;
    }
}
