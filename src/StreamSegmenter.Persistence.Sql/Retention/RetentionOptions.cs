namespace StreamSegmenter.Persistence.Sql.Retention;

/// <summary>How long a state store keeps what is over. The same for every kind of store.</summary>
public abstract record RetentionOptions
{
    private protected RetentionOptions() { }

    /// <summary>
    /// How long the content of a push that was delivered, dropped, merged or discarded is kept for people to look at.
    /// Its id stays for good, so that it cannot be put into the outbox twice. Default 7 days.
    /// </summary>
    public TimeSpan DeliveredRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long what policy decided on pushes is kept; null for good. Default 30 days.</summary>
    public TimeSpan? DecisionRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long dead letters are kept; null for good. Default 30 days.</summary>
    public TimeSpan? DeadLetterRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long transitions are kept; null for good. The last one of a customer and segment stays, and so do those that
    /// tell when a cooldown began. Default 400 days.
    /// </summary>
    public TimeSpan? TransitionRetention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>The longest cooldown of any segment: what decides cooldowns up to it is kept. Default 0.</summary>
    public TimeSpan LongestCooldown { get; init; }

    private protected void ValidateRetention()
    {
        Check(DeliveredRetention, nameof(DeliveredRetention));
        Check(DecisionRetention, nameof(DecisionRetention));
        Check(DeadLetterRetention, nameof(DeadLetterRetention));
        Check(TransitionRetention, nameof(TransitionRetention));
        Check(LongestCooldown, nameof(LongestCooldown));
    }

    private static void Check(TimeSpan? option, string name)
    {
        if (option < TimeSpan.Zero)
        {
            throw new ArgumentException($"The state store's {name} must not be negative.");
        }
    }
}
