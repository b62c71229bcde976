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

    /// <summary>Connections that may read at once. Default 4.</summary>
    public int MaxReaders { get; init; } = 4;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        if (DeliveredRetention < TimeSpan.Zero)
        {
            throw new ArgumentException("The state store's DeliveredRetention must not be negative.");
        }

        if (MaxReaders < 1)
        {
            throw new ArgumentException("The state store's MaxReaders must be at least 1.");
        }
    }
}
