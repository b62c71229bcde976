using System.Text;
using Confluent.Kafka;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Log;

/// <summary>
/// Turns keys into customers, those seen lately without allocating. A key that names nobody (none, empty, not UTF-8)
/// gives a missing customer. Used by one thread.
/// </summary>
internal sealed class CustomerKeys(KafkaInstruments instruments) : IDeserializer<CustomerId>
{
    private const int Slots = 1 << 16;
    private const int MaxKept = 256;

    // Two customers of one slot take turns; that costs time, not truth.
    private readonly (byte[] Key, CustomerId Customer)[] _slots = new (byte[], CustomerId)[Slots];

    public CustomerId Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        CustomerId customer = isNull || data.IsEmpty ? default : Get(data);
        if (customer.IsMissing)
        {
            instruments.Keyless();
        }

        return customer;
    }

    private CustomerId Get(ReadOnlySpan<byte> key)
    {
        ref (byte[] Key, CustomerId Customer) slot = ref _slots[Murmur2.Hash(key) & (Slots - 1)];
        if (slot.Key is not null && key.SequenceEqual(slot.Key))
        {
            return slot.Customer;
        }

        CustomerId customer = Read(key);
        if (key.Length <= MaxKept && !customer.IsMissing)
        {
            slot = (key.ToArray(), customer);
        }

        return customer;
    }

    private static CustomerId Read(ReadOnlySpan<byte> key)
    {
        try
        {
            return new(KeyText.Strict.GetString(key));
        }
        catch (DecoderFallbackException)
        {
            return default;
        }
    }
}

/// <summary>How customers become keys.</summary>
internal static class KeyText
{
    /// <summary>Refuses what is not Unicode: replacing it would make two customers one.</summary>
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
