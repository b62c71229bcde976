using System.Buffers.Binary;
using System.Text;
using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Streams.Log;

/// <summary>
/// Spreads customers over partitions exactly as Kafka's default partitioner spreads keys, so that an embedded log, a
/// Kafka topic and producers of other stacks agree on where a customer lives.
/// </summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Mix = 0x5bd1e995;
    private const int Rotation = 24;

    /// <summary>The partition of a customer whose key is its id in UTF-8.</summary>
    public static PartitionId PartitionOf(CustomerId customer, int partitionCount)
    {
        string id = customer.Value;
        int length = LogText.Strict.GetMaxByteCount(id.Length);
        Span<byte> buffer = length <= 512 ? stackalloc byte[512] : new byte[length];
        return PartitionOf(buffer[..LogText.Strict.GetBytes(id, buffer)], partitionCount);
    }

    /// <summary>The partition of a key.</summary>
    public static PartitionId PartitionOf(ReadOnlySpan<byte> key, int partitionCount) =>
        new((Hash(key) & int.MaxValue) % partitionCount);

    /// <summary>MurmurHash2 in 32 bits, little-endian, with Kafka's seed.</summary>
    public static int Hash(ReadOnlySpan<byte> data)
    {
        uint hash = Seed ^ (uint)data.Length;
        while (data.Length >= sizeof(uint))
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Mix;
            hash = (hash * Mix) ^ ((word ^ (word >> Rotation)) * Mix);
            data = data[sizeof(uint)..];
        }

        if (data.Length > 0)
        {
            uint tail = 0;
            for (int i = data.Length - 1; i >= 0; i--)
            {
                tail = (tail << 8) | data[i];
            }

            hash = (hash ^ tail) * Mix;
        }

        hash = (hash ^ (hash >> 13)) * Mix;
        return (int)(hash ^ (hash >> 15));
    }
}

/// <summary>How keys become bytes.</summary>
internal static class LogText
{
    /// <summary>
    /// Refuses text that is not Unicode (half a surrogate pair): replacing it, as the usual encoding does, would make
    /// two customers one.
    /// </summary>
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
