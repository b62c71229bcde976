using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace StreamSegmenter.Connectors.Webhook;

/// <summary>A key of Standard Webhooks. Thread-safe.</summary>
internal abstract class SigningKey
{
    private const string SymmetricPrefix = "whsec_";
    private const string AsymmetricPrefix = "whsk_";

    public static bool TryParse(Secret secret, [NotNullWhen(true)] out SigningKey? key)
    {
        string text = secret.Reveal();
        if (TryDecode(text, SymmetricPrefix, out byte[] bytes))
        {
            key = bytes.Length is >= 24 and <= 64 ? new HmacKey(bytes) : null;
        }
        else
        {
            key = TryDecode(text, AsymmetricPrefix, out bytes) ? Ed25519Key.TryCreate(bytes) : null;
        }

        return key is not null;
    }

    /// <summary>For a secret that was checked.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static SigningKey Parse(Secret secret) =>
        TryParse(secret, out var key) ? key : throw new ArgumentException("This is no signing key.", nameof(secret));

    /// <summary>The scheme, a comma, and the base64 of the signature of <c>id.seconds.body</c>.</summary>
    public string Sign(string id, long seconds, ReadOnlySpan<byte> body)
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}."));
        return Sign([.. head, .. body]);
    }

    protected abstract string Sign(byte[] signed);

    private static bool TryDecode(string text, string prefix, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        int length = 0;
        bool isDecoded =
            text.StartsWith(prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[prefix.Length..], bytes, out length);
        bytes = bytes[..length];
        return isDecoded;
    }

    /// <summary>The symmetric scheme <c>v1</c>.</summary>
    private sealed class HmacKey(byte[] key) : SigningKey
    {
        protected override string Sign(byte[] signed) =>
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }

    /// <summary>The asymmetric scheme <c>v1a</c>, Ed25519.</summary>
    private sealed class Ed25519Key(byte[] seed, byte[] publicKey) : SigningKey
    {
        /// <param name="bytes">The private key, or it and its public key.</param>
        public static Ed25519Key? TryCreate(byte[] bytes)
        {
            if (bytes.Length != Ed25519.SecretKeySize && bytes.Length != Ed25519.SecretKeySize + Ed25519.PublicKeySize)
            {
                return null;
            }

            byte[] seed = bytes[..Ed25519.SecretKeySize];
            byte[] publicKey = new byte[Ed25519.PublicKeySize];
            Ed25519.GeneratePublicKey(seed, 0, publicKey, 0);
            bool isPair = bytes.Length == seed.Length || publicKey.AsSpan().SequenceEqual(bytes.AsSpan(seed.Length));
            return isPair ? new(seed, publicKey) : null;
        }

        protected override string Sign(byte[] signed)
        {
            byte[] signature = new byte[Ed25519.SignatureSize];
            Ed25519.Sign(seed, 0, publicKey, 0, signed, 0, signed.Length, signature, 0);
            return "v1a," + Convert.ToBase64String(signature);
        }
    }
}
