using Confluent.Kafka;

namespace StreamSegmenter.Kafka.Log;

/// <summary>A payload out of the client's memory.</summary>
/// <param name="Slab">Where it lies; null when it has an array of its own.</param>
internal readonly record struct FetchedPayload(ReadOnlyMemory<byte> Bytes, PayloadSlab? Slab);

/// <summary>
/// Copies payloads out of the client's memory, many into one array, which is used again when all of them are released.
/// An array with a payload that never is lives as long as that payload is held. Used by one thread.
/// </summary>
internal sealed class PayloadSlabs : IDeserializer<FetchedPayload>
{
    private readonly PayloadSlabPool _pool = new();
    private PayloadSlab? _slab;

    public FetchedPayload Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (data.Length > PayloadSlabPool.SlabBytes / 4)
        {
            return new(data.ToArray(), null);
        }

        if (_slab is null || _slab.Room < data.Length)
        {
            _slab?.Close();
            _slab = _pool.Rent();
        }

        return new(_slab.Fill(data), _slab);
    }
}
