using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Hocon.Units;

namespace StreamSegmenter.Hocon.Tests.Options;

public enum DeliveryMode
{
    AtLeastOnce,
    ExactlyOnce,
}

/// <summary>One property of each type that can be bound.</summary>
public sealed class StreamsOptions
{
    public required string Name { get; init; }

    public required bool Enabled { get; init; }

    [Range(1, 1000)]
    public required int BatchSize { get; init; }

    public required long MaxOffset { get; init; }

    [Range(0.0, 1.0)]
    public required decimal SampleRate { get; init; }

    public required double Weight { get; init; }

    [DurationRange("10ms", "1h")]
    public required TimeSpan Interval { get; init; }

    public required TimeOnly QuietFrom { get; init; }

    [SizeRange("1KiB", "1GiB")]
    public required ByteSize Buffer { get; init; }

    public required DeliveryMode Mode { get; init; }

    [MinLength(1)]
    public required IReadOnlyList<string> Topics { get; init; }

    public required IReadOnlyDictionary<string, RouteOptions> Routes { get; init; }

    public required RetryOptions Retry { get; init; }

    public required Uri Endpoint { get; init; }

    public required Secret Token { get; init; }

    public required string? Comment { get; init; }

    public required ImmutableArray<int> Ports { get; init; }
}

public sealed record RouteOptions(string Target, [property: Range(1, 10)] int? Priority);

public sealed record RetryOptions(int Attempts, TimeSpan FirstDelay, TimeSpan LastDelay) : IValidatedOptions
{
    public IEnumerable<OptionsViolation> Validate()
    {
        if (LastDelay < FirstDelay)
        {
            yield return new OptionsViolation(
                nameof(LastDelay),
                "is shorter than first-delay",
                "write a duration of at least first-delay"
            );
        }
    }
}
