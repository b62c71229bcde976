using StreamSegmenter.Persistence.Sql.Retention;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>Settings of a <see cref="SqliteStateStore"/>.</summary>
public sealed record SqliteStateStoreOptions : RetentionOptions
{
    /// <summary>The directory of <c>state.db</c>; on a local disk. Created when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Connections that may read at once. Default 4.</summary>
    public int MaxReaders { get; init; } = 4;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        ValidateRetention();
        if (MaxReaders < 1)
        {
            throw new ArgumentException("The state store's MaxReaders must be at least 1.");
        }
    }
}
