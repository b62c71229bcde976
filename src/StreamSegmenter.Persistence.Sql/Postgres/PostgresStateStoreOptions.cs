using System.Text.RegularExpressions;
using Npgsql;
using StreamSegmenter.Persistence.Sql.Retention;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>Settings of a <see cref="PostgresStateStore"/>.</summary>
public sealed partial record PostgresStateStoreOptions : RetentionOptions
{
    /// <summary>
    /// Server, database and user as Npgsql writes them, e.g. <c>Host=db;Database=shop;Username=segmenter;SSL
    /// Mode=VerifyFull</c>. Of several hosts the one that is the primary is used. What the options below say wins, and
    /// so do the settings that durability rests on.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// The user's password, so that it can come from a secret; null to take the connection string's, or none.
    /// </summary>
    public string? Password { get; init; }

    /// <summary>
    /// The schema whose tables hold the store, made when it is missing; one for each store. Lower-case letters, digits
    /// and underscores. Default <c>streamsegmenter</c>.
    /// </summary>
    public string Schema { get; init; } = "streamsegmenter";

    /// <summary>Connections at once, of this node alone. Default 16.</summary>
    public int MaxConnections { get; init; } = 16;

    /// <summary>How long the server may take over one call before it is given up. Default 30 s.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a call that could not reach the server is tried again, where that does no harm, before it ends with
    /// <see cref="Streams.State.StateStoreUnavailableException"/>. Default 10 s.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Takes a server that runs with <c>fsync = off</c>, which loses what it acknowledged when the machine dies. For
    /// test servers only. Default false.
    /// </summary>
    public bool AllowServerWithoutFsync { get; init; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ConnectionString);
        ValidateRetention();
        if (!SchemaName().IsMatch(Schema))
        {
            throw new ArgumentException(
                $"The state store's Schema must be 1 to 63 lower-case letters, digits and underscores: '{Schema}'."
            );
        }

        if (MaxConnections < 1)
        {
            throw new ArgumentException("The state store's MaxConnections must be at least 1.");
        }

        if (CommandTimeout < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException("The state store's CommandTimeout must be at least 1 s.");
        }

        if (RetryFor < TimeSpan.Zero)
        {
            throw new ArgumentException("The state store's RetryFor must not be negative.");
        }

        if (string.IsNullOrWhiteSpace(Parse().Host))
        {
            throw new ArgumentException("The state store's ConnectionString names no Host.");
        }
    }

    /// <summary>The connection string with all that the store itself sets.</summary>
    internal NpgsqlConnectionStringBuilder ForNpgsql()
    {
        NpgsqlConnectionStringBuilder builder = Parse();
        builder.Password = Password ?? builder.Password;
        builder.ApplicationName ??= "streamsegmenter";
        builder.SearchPath = Schema;
        builder.Pooling = true;
        builder.Enlist = false;
        builder.Multiplexing = false;
        builder.MinPoolSize = 0;
        builder.MaxPoolSize = MaxConnections;
        builder.CommandTimeout = (int)Math.Ceiling(CommandTimeout.TotalSeconds);
        builder.MaxAutoPrepare = MaxStatements;
        builder.AutoPrepareMinUsages = 2;

        // No call leaves anything behind on its connection, so there is nothing to reset.
        builder.NoResetOnClose = true;
        builder.Options = string.Join(' ', [builder.Options ?? "", .. PostgresRequirements.SessionSettings]).Trim();
        return builder;
    }

    // More than there are different ones.
    private const int MaxStatements = 64;

    private NpgsqlConnectionStringBuilder Parse()
    {
        try
        {
            return new(ConnectionString);
        }
        catch (ArgumentException e)
        {
            // The string itself may hold a password.
            throw new ArgumentException($"The state store's ConnectionString is not one of Npgsql: {e.Message}", e);
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SchemaName();
}
