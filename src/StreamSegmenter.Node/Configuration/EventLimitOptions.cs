using System.ComponentModel.DataAnnotations;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Units;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Node.Configuration;

/// <summary>
/// How large one event may be, section <c>limits</c>; see <see cref="EventLimits"/>. Defaults are in the reference.
/// </summary>
public sealed record EventLimitOptions
{
    [SizeRange("256", "64MiB")]
    public required ByteSize MaxBytes { get; init; }

    [Range(1, 500)]
    public required int MaxDepth { get; init; }

    [Range(16, 10_000_000)]
    public required int MaxTokens { get; init; }

    [Range(1, 32_768)]
    public required int MaxIdLength { get; init; }

    [Range(1, 32_768)]
    public required int MaxNameLength { get; init; }

    public required bool RequireMessageId { get; init; }

    public EventLimits ToLimits() =>
        new()
        {
            MaxBytes = (int)MaxBytes.Bytes,
            MaxDepth = MaxDepth,
            MaxTokens = MaxTokens,
            MaxIdLength = MaxIdLength,
            MaxNameLength = MaxNameLength,
            RequireMessageId = RequireMessageId,
        };
}
