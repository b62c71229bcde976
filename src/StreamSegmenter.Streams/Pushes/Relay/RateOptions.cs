namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>How many attempts may start, whoever they are for.</summary>
public sealed record RateOptions
{
    /// <summary>Attempts that may start in <see cref="Per"/>; 0 for any number.</summary>
    public int Permits { get; init; }

    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Attempts that may start at once after a pause; null: as many as <see cref="Permits"/>.</summary>
    public int? Burst { get; init; }
}
