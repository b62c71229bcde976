using System.Buffers.Binary;
using System.Numerics;

namespace StreamSegmenter.Segmentation.Events;

/// <summary>
/// The 64-bit xxHash of Yann Collet's public specification (seed 0): fast, and the same on every machine and in every
/// version, so that it may be stored. Not cryptographic.
/// </summary>
public static class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int StripeLength = 32;

    public static ulong Hash(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            ReadOnlySpan<byte> rest = data;
            ulong hash = data.Length >= StripeLength ? HashStripes(ref rest) : Prime5;
            hash += (ulong)data.Length;
            return Avalanche(HashTail(hash, rest));
        }
    }

    private static ulong HashStripes(ref ReadOnlySpan<byte> rest)
    {
        unchecked
        {
            ulong a = Prime1 + Prime2;
            ulong b = Prime2;
            ulong c = 0;
            ulong d = 0 - Prime1;
            while (rest.Length >= StripeLength)
            {
                a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(rest));
                b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
                c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(rest[16..]));
                d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(rest[24..]));
                rest = rest[StripeLength..];
            }

            ulong hash =
                BitOperations.RotateLeft(a, 1)
                + BitOperations.RotateLeft(b, 7)
                + BitOperations.RotateLeft(c, 12)
                + BitOperations.RotateLeft(d, 18);
            return Merge(Merge(Merge(Merge(hash, a), b), c), d);
        }
    }

    private static ulong HashTail(ulong hash, ReadOnlySpan<byte> rest)
    {
        unchecked
        {
            while (rest.Length >= sizeof(ulong))
            {
                hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
                hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
                rest = rest[sizeof(ulong)..];
            }

            if (rest.Length >= sizeof(uint))
            {
                hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
                hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
                rest = rest[sizeof(uint)..];
            }

            foreach (byte value in rest)
            {
                hash ^= value * Prime5;
                hash = BitOperations.RotateLeft(hash, 11) * Prime1;
            }

            return hash;
        }
    }

    private static ulong Round(ulong lane, ulong input) =>
        unchecked(BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1);

    private static ulong Merge(ulong hash, ulong lane) => unchecked(((hash ^ Round(0, lane)) * Prime1) + Prime4);

    private static ulong Avalanche(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }
}
