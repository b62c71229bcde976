using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Connectors.Email;

/// <summary>What the bearer of a token may take back: one customer's consent.</summary>
/// <param name="Purpose">Null: to everything on the channel.</param>
public sealed record UnsubscribeClaim(CustomerId Customer, string Channel, string? Purpose);

/// <summary>
/// Makes and reads the tokens of links to unsubscribe. A token names customer, channel and purpose, readably, and
/// carries a seal that only who knows the secret can make. It never expires: neither does mail. Equal claims have equal
/// tokens. Thread-safe.
/// </summary>
public sealed class UnsubscribeTokens
{
    /// <summary>Of a secret, in characters.</summary>
    public const int MinSecretLength = 16;

    private const int MaxTokenLength = 2_000;
    private const int SealBytes = 16;

    // Says what the bytes are; the next form gets another one.
    private const char Version = '1';
    private const char Separator = '\u001f';

    private static readonly UTF8Encoding s_strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly byte[] _key;

    /// <exception cref="ArgumentException">The secret is too short.</exception>
    public UnsubscribeTokens(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, MinSecretLength, nameof(secret));

        // The same secret used elsewhere makes no seals of ours.
        _key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "streamsegmenter unsubscribe"u8);
    }

    /// <summary>Letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Make(UnsubscribeClaim claim)
    {
        // The customer comes last, because its id may hold anything.
        string text = $"{Version}{claim.Channel}{Separator}{claim.Purpose}{Separator}{claim.Customer.Value}";
        byte[] said = Encoding.UTF8.GetBytes(text);
        byte[] token = new byte[said.Length + SealBytes];
        said.CopyTo(token, 0);
        Seal(said).CopyTo(token, said.Length);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>False if it was not made with this secret, or changed since.</summary>
    public bool TryRead(string token, [NotNullWhen(true)] out UnsubscribeClaim? claim)
    {
        claim = null;
        if (token.Length > MaxTokenLength || !Base64Url.IsValid(token))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= SealBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> said = bytes[..^SealBytes];
        return CryptographicOperations.FixedTimeEquals(Seal(said), bytes[^SealBytes..]) && TryParse(said, out claim);
    }

    // With the seal being right, another form can only come from another version of this program.
    private static bool TryParse(ReadOnlySpan<byte> said, [NotNullWhen(true)] out UnsubscribeClaim? claim)
    {
        string[] parts = s_strict.GetString(said).Split(Separator, 3);
        claim =
            parts is [[Version, .. var channel], var purpose, { Length: > 0 } customer]
            && ConsentEvent.IsName(channel)
            && (purpose.Length == 0 || ConsentEvent.IsName(purpose))
                ? new(new(customer), channel, purpose.Length == 0 ? null : purpose)
                : null;
        return claim is not null;
    }

    private byte[] Seal(ReadOnlySpan<byte> said) => HMACSHA256.HashData(_key, said)[..SealBytes];
}
