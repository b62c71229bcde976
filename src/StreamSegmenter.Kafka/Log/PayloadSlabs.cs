using Confluent.Kafka;

namespace StreamSegmenter.Kafka.Log;

/// <summary>
/// Copies payloads out of the client's memory, many into one array, so that they cost the collector little. An array
/// lives as long as any payload in it is held. Used by one thread.
/// </summary>
internal sealed class PayloadSlabs : IDeserializer<ReadOnlyMemory<byte>>
{
    // Below the size at which arrays are collected with the oldest only.
    private const int SlabBytes = 64 << 10;

    private byte[] _slab = [];
    private int _used;

    public ReadOnlyMemory<byte> Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (data.Length > SlabBytes / 4)
        {
            return data.ToArray();
        }

        if (_slab.Length - _used < data.Length)
        {
            _slab = GC.AllocateUninitializedArray<byte>(SlabBytes);
            _used = 0;
        }

        Memory<byte> copy = _slab.AsMemory(_used, data.Length);
        data.CopyTo(copy.Span);
        _used += data.Length;
        return copy;
    }
}
