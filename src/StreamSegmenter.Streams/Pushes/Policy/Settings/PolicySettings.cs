using NodaTime;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Streams.Pushes.Policy.Settings;

/// <summary>Reads a duration as configurations write it: <c>3h</c>. False when it is none.</summary>
public delegate bool DurationReader(string text, out TimeSpan duration);

/// <summary>Everything that a <see cref="PushPolicy"/> decides by. Immutable.</summary>
public sealed record PolicySettings
{
    public required PolicyOptions Options { get; init; }

    /// <summary>Of customers whose own is not known.</summary>
    public required DateTimeZone TimeZone { get; init; }

    public required IReadOnlyDictionary<ConnectorName, ConnectorPolicy> Connectors { get; init; }

    /// <summary>What is pushed where.</summary>
    public required IReadOnlyList<SegmentActions> Segments { get; init; }

    /// <summary>How many of a hundred customers get nothing of a segment; absent: none.</summary>
    public required IReadOnlyDictionary<SegmentName, decimal> Holdouts { get; init; }

    /// <summary>For the options in pushes.</summary>
    public required DurationReader ReadDuration { get; init; }
}

/// <summary>What holds for the pushes of one connector.</summary>
/// <param name="Channel">What consents and caps call it, e.g. <c>email</c>.</param>
/// <param name="Purpose">Of pushes that name none, one of <see cref="PolicyOptions.Purposes"/>.</param>
/// <param name="Address">Where the recipient's address is in a push, e.g. <c>profile.email</c>; null: nowhere.</param>
/// <param name="Rules">Of pushes that bring none.</param>
public sealed record ConnectorPolicy(string Channel, string Purpose, string? Address, PushRules Rules);
