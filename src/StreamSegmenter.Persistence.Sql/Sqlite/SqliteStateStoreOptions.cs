namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>Settings of a <see cref="SqliteStateStore"/>.</summary>
public sealed record SqliteStateStoreOptions
{
    /// <summary>The directory of <c>state.db</c>; on a local disk. Created when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// How long the content of a delivered push is kept for people to look at. Its id stays for good, so that it cannot
    /// be put into the outbox twice. Default 7 days.
    /// </summary>
    public TimeSpan DeliveredRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long dead letters are kept; null for good. Default 30 days.</summary>
    public TimeSpan? DeadLetterRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long transitions are kept; null for good. The last one of a customer and segment stays, and so do those that
    /// tell when a cooldown began. Default 400 days.
    /// </summary>
    public TimeSpan? TransitionRetention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>The longest cooldown of any segment: what decides cooldowns up to it is kept. Default 0.</summary>
    public TimeSpan LongestCooldown { get; init; }

    /// <summary>Connections that may read at once. Default 4.</summary>
    public int MaxReaders { get; init; } = 4;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        Check(DeliveredRetention, nameof(DeliveredRetention));
        Check(DeadLetterRetention, nameof(DeadLetterRetention));
        Check(TransitionRetention, nameof(TransitionRetention));
        Check(LongestCooldown, nameof(LongestCooldown));

        if (MaxReaders < 1)
        {
            throw new ArgumentException("The state store's MaxReaders must be at least 1.");
        }
    }

    private static void Check(TimeSpan? option, string name)
    {
        if (option < TimeSpan.Zero)
        {
            throw new ArgumentException($"The state store's {name} must not be negative.");
        }
    }
}
