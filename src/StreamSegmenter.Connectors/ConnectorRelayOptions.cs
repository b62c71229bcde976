using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Connectors;

/// <summary>
/// How one connector's pushes are delivered where it differs from all others': see <see cref="RelayOptions"/>.
/// </summary>
public sealed record ConnectorRelayOptions
{
    public int? Concurrency { get; init; }

    public TimeSpan? AttemptTimeout { get; init; }

    public TimeSpan? BackoffMin { get; init; }

    public TimeSpan? BackoffMax { get; init; }

    public TimeSpan? RetryAfterMax { get; init; }

    public int? MaxAttempts { get; init; }

    public TimeSpan? GiveUpAfter { get; init; }

    public int? DownAfter { get; init; }

    public TimeSpan? ProbeInterval { get; init; }

    public int? LookAhead { get; init; }

    public int? MaxHeld { get; init; }

    public TimeSpan? StopTimeout { get; init; }

    public ConnectorRateOptions Rate { get; init; } = new();

    public WhenUnknown? WhenUnknown { get; init; }

    /// <summary>Null: what the type promises, unless all connectors' says otherwise.</summary>
    public TimeSpan? KeyLifetime { get; init; }

    /// <summary>What holds for the connector.</summary>
    /// <param name="usual">For all connectors.</param>
    /// <param name="keyLifetime">What the connector's type promises.</param>
    public RelayOptions Over(RelayOptions usual, TimeSpan keyLifetime) =>
        usual with
        {
            Concurrency = Concurrency ?? usual.Concurrency,
            AttemptTimeout = AttemptTimeout ?? usual.AttemptTimeout,
            BackoffMin = BackoffMin ?? usual.BackoffMin,
            BackoffMax = BackoffMax ?? usual.BackoffMax,
            RetryAfterMax = RetryAfterMax ?? usual.RetryAfterMax,
            MaxAttempts = MaxAttempts ?? usual.MaxAttempts,
            GiveUpAfter = GiveUpAfter ?? usual.GiveUpAfter,
            DownAfter = DownAfter ?? usual.DownAfter,
            ProbeInterval = ProbeInterval ?? usual.ProbeInterval,
            LookAhead = LookAhead ?? usual.LookAhead,
            MaxHeld = MaxHeld ?? usual.MaxHeld,
            StopTimeout = StopTimeout ?? usual.StopTimeout,
            Rate = new()
            {
                Permits = Rate.Permits ?? usual.Rate.Permits,
                Per = Rate.Per ?? usual.Rate.Per,
                Burst = Rate.Burst ?? usual.Rate.Burst,
            },
            WhenUnknown = WhenUnknown ?? usual.WhenUnknown,
            KeyLifetime = KeyLifetime ?? usual.KeyLifetime ?? keyLifetime,
        };
}

/// <summary>See <see cref="RateOptions"/>.</summary>
public sealed record ConnectorRateOptions
{
    public int? Permits { get; init; }

    public TimeSpan? Per { get; init; }

    public int? Burst { get; init; }
}
