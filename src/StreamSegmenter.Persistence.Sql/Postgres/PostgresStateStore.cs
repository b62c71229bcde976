using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>The state store in one schema of a PostgreSQL database, for any number of nodes.</summary>
public sealed class PostgresStateStore : IStateStore
{
    private readonly PostgresDatabase _database;
    private readonly PostgresShardOwnership _ownership;
    private readonly RetentionSweep _sweep;

    private PostgresStateStore(
        PostgresDatabase database,
        PostgresStateStoreOptions options,
        CommitTags tags,
        TimeProvider time,
        ILogger logger
    )
    {
        _database = database;
        PostgresDeadLetterStore deadLetters = new(database, tags);
        PostgresOutbox outbox = new(database);
        _ownership = new(database);
        Customers = new PostgresCustomerReader(database);
        Committer = new PostgresShardCommitter(database, tags);
        Memberships = new PostgresMembershipReader(database);
        Consents = new PostgresConsentReader(database);
        Suppressions = new PostgresSuppressionList(database);
        Cases = new PostgresCaseReader(database, Suppressions);
        PushAdministration = new PostgresPushAdministration(database);
        DeadLetters = deadLetters;
        Outbox = outbox;
        PostgresAgedTransitions transitions = new(database);
        _sweep = new(
            database.Place,
            StoreExpiries.Of(
                options,
                outbox.DropContentsAsync,
                outbox.DropDecisionsAsync,
                deadLetters.DropOldAsync,
                transitions
            ),
            time,
            logger
        );
    }

    public IShardOwnership Ownership => _ownership;

    public ICustomerReader Customers { get; }

    public IShardCommitter Committer { get; }

    public IMembershipReader Memberships { get; }

    public IDeadLetterStore DeadLetters { get; }

    public IOutbox Outbox { get; }

    public IConsentReader Consents { get; }

    public ISuppressionList Suppressions { get; }

    public ICustomerCaseReader Cases { get; }

    public IPushAdministration PushAdministration { get; }

    /// <summary>
    /// Opens the store, creating or upgrading its tables as needed. The server is tried once. Nodes that open it at the
    /// same time wait for one another.
    /// </summary>
    /// <exception cref="PostgresStoreException">The server would not keep what it acknowledges, is no primary, or its
    /// tables are of a newer program.</exception>
    /// <exception cref="StateStoreUnavailableException">The server cannot be reached.</exception>
    public static async ValueTask<PostgresStateStore> OpenAsync(
        PostgresStateStoreOptions options,
        TimeProvider time,
        ILogger<PostgresStateStore>? logger = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        PostgresDatabase database = PostgresDatabase.Of(options, time);
        try
        {
            Timestamp now = Timestamp.From(time.GetUtcNow());
            long opening = await database.BeginAsync(
                (connection, token) => PostgresSchema.OpenAsync(connection, options.Schema, database.Place, now, token),
                cancellationToken
            );
            return new(
                database,
                options,
                new CommitTags(opening),
                time,
                logger ?? NullLogger<PostgresStateStore>.Instance
            );
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public ValueTask PinAsync(int partitionCount, CancellationToken cancellationToken) =>
        _ownership.PinAsync(partitionCount, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        await _database.DisposeAsync();
    }
}
