using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StreamSegmenter.Connectors.Webhook;

/// <summary>A key of Standard Webhooks' symmetric scheme <c>v1</c>.</summary>
internal readonly struct SigningKey
{
    private const string Prefix = "whsec_";
    private readonly byte[] _key;

    private SigningKey(byte[] key) => _key = key;

    public static bool TryParse(Secret secret, out SigningKey key)
    {
        key = default;
        string text = secret.Reveal();
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        byte[] buffer = new byte[text.Length];
        bool isBase64 = Convert.TryFromBase64String(text[Prefix.Length..], buffer, out int length);
        if (!isBase64 || length is < 24 or > 64)
        {
            return false;
        }

        key = new SigningKey(buffer[..length]);
        return true;
    }

    /// <summary><c>v1,</c> and the base64 of HMAC-SHA256 over <c>id.seconds.body</c>.</summary>
    public string Sign(string id, long seconds, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")));
        mac.AppendData(body);
        return "v1," + Convert.ToBase64String(mac.GetHashAndReset());
    }
}
