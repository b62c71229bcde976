namespace StreamSegmenter.Segmentation.Events;

/// <summary>How large one event may be. What exceeds a limit is refused with a reason, never cut.</summary>
public sealed record EventLimits
{
    /// <summary>The limits used where the configuration names none.</summary>
    public static EventLimits Default { get; } = new();

    /// <summary>Length of the whole JSON text in bytes. Default 32 KiB, at most 128 MiB.</summary>
    public int MaxBytes { get; init; } = 32 * 1024;

    /// <summary>How deep objects and arrays may nest; the event itself is depth 1. Default 32.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>How many values and property names the text may hold. Default 8192.</summary>
    public int MaxTokens { get; init; } = 8192;

    /// <summary>Length of userId, anonymousId and messageId in UTF-16 characters. Default 256.</summary>
    public int MaxIdLength { get; init; } = 256;

    /// <summary>Length of a track event's name in UTF-16 characters. Default 256.</summary>
    public int MaxNameLength { get; init; } = 256;

    /// <summary>Whether an event needs a <c>messageId</c>. Default false: without one it is no duplicate.</summary>
    public bool RequireMessageId { get; init; }

    /// <summary>
    /// These limits, widened by what <see cref="EventNormalizer"/> may add, so that an event which just fitted at the
    /// ingest still fits behind it.
    /// </summary>
    public EventLimits BehindIngest() =>
        this with
        {
            MaxBytes = MaxBytes + EventNormalizer.MaxAddedBytes,
            MaxTokens = MaxTokens + EventNormalizer.MaxAddedTokens,
        };
}
