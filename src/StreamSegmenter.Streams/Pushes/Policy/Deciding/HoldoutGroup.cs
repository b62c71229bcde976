using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>
/// Draws customers by a stable hash: the first 64 bits of SHA-256 of a text, as a fraction of 2^64. The same text gives
/// the same fraction for ever, so a larger share keeps everybody of a smaller one.
/// </summary>
internal static class HoldoutGroup
{
    private const decimal Whole = 18_446_744_073_709_551_616m;

    public static bool Holds(string text, decimal percent)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) < percent / 100 * Whole;
    }
}
