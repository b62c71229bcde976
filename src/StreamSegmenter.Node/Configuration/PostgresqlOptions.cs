using System.ComponentModel.DataAnnotations;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Persistence.Sql.Postgres;

namespace StreamSegmenter.Node.Configuration;

/// <summary>
/// The PostgreSQL server that nodes with shared storage keep their state in, section <c>postgresql</c>. Defaults are in
/// the reference.
/// </summary>
public sealed record PostgresqlOptions
{
    /// <summary>Server, database and user as Npgsql writes them; null when nothing is shared.</summary>
    public required string? Connection { get; init; }

    /// <summary>The user's password; null to take the connection's, or none.</summary>
    public required Secret? Password { get; init; }

    /// <summary>The schema whose tables hold the state.</summary>
    [RegularExpression("[a-z_][a-z0-9_]{0,62}")]
    public required string Schema { get; init; }

    /// <summary>Connections at once, of this node alone.</summary>
    [Range(2, 1000)]
    public required int MaxConnections { get; init; }

    /// <summary>How long the server may take over one call.</summary>
    [DurationRange("1s", "1h")]
    public required TimeSpan CommandTimeout { get; init; }

    /// <summary>How long a server that cannot be reached is tried again before a shard pauses.</summary>
    [DurationRange("0s", "1h")]
    public required TimeSpan RetryFor { get; init; }

    /// <summary>Takes a server that runs with <c>fsync = off</c>; for test servers only.</summary>
    public required bool AllowServerWithoutFsync { get; init; }

    /// <summary>The settings of the state store.</summary>
    /// <param name="longestCooldown">Of any segment.</param>
    public PostgresStateStoreOptions ForState(StorageOptions storage, TimeSpan longestCooldown) =>
        new()
        {
            ConnectionString = Connection!,
            Password = Password is { IsEmpty: false } password ? password.Reveal() : null,
            Schema = Schema,
            MaxConnections = MaxConnections,
            CommandTimeout = CommandTimeout,
            RetryFor = RetryFor,
            AllowServerWithoutFsync = AllowServerWithoutFsync,
            DeliveredRetention = storage.DeliveredRetention,
            DecisionRetention = storage.DecisionRetention,
            DeadLetterRetention = storage.DeadLetterRetention,
            TransitionRetention = storage.TransitionRetention,
            LongestCooldown = longestCooldown,
        };
}
