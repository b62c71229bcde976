using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// One trait: its JSON and the event time that set it. A removed trait stays with no JSON, so that a late, older event
/// cannot bring it back.
/// </summary>
internal sealed class Trait(string name, Timestamp at, byte[]? json)
{
    private JsonTape? _tape;

    public string Name { get; } = name;

    public Timestamp At { get; set; } = at;

    /// <summary>UTF-8; null when removed.</summary>
    public byte[]? Json { get; } = json;

    /// <summary>The value; missing when removed. Parsed when first asked for.</summary>
    public JsonCursor Value
    {
        get
        {
            if (Json is null)
            {
                return default;
            }

            if (_tape is null)
            {
                var tape = new JsonTape(WideEnoughFor(Json));
                if (!tape.TryParse(Json, out JsonFault fault))
                {
                    throw new InvalidDataException($"The stored trait {Name} is not JSON: {fault}");
                }

                _tape = tape;
            }

            return _tape.Root;
        }
    }

    // The limits were applied to the event that brought the trait; they may have been others than today's.
    private static EventLimits WideEnoughFor(ReadOnlySpan<byte> json) =>
        new()
        {
            MaxBytes = JsonToken.MaxSize,
            MaxTokens = json.Length,
            MaxDepth = json.Count((byte)'[') + json.Count((byte)'{') + 1,
        };
}
