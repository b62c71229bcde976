using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSegmenter.Persistence.Sql.Retention;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>The state store in one SQLite file, for one machine.</summary>
public sealed class SqliteStateStore : IStateStore
{
    /// <summary>The name of the file in <see cref="SqliteStateStoreOptions.Directory"/>.</summary>
    public const string FileName = "state.db";

    private readonly SqliteDatabase _database;
    private readonly SqliteShardOwnership _ownership;
    private readonly RetentionSweep _sweep;

    private SqliteStateStore(SqliteDatabase database, RetentionSweep sweep)
    {
        _database = database;
        _sweep = sweep;
        _ownership = new(database);
        Customers = new SqliteCustomerReader(database);
        Committer = new SqliteShardCommitter(database);
        Memberships = new SqliteMembershipReader(database);
        Consents = new SqliteConsentReader(database);
        Suppressions = new SqliteSuppressionList(database);
        DeadLetters = new SqliteDeadLetterStore(database);
        Outbox = new SqliteOutbox(database);
        Cases = new SqliteCaseReader(database);
        PushAdministration = new SqlitePushAdministration(database);
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

    /// <summary>Opens the store, creating or upgrading its file as needed.</summary>
    /// <exception cref="SqliteFileException">The file is in use, damaged, of another kind or of a newer
    /// program.</exception>
    public static ValueTask<SqliteStateStore> OpenAsync(
        SqliteStateStoreOptions options,
        TimeProvider time,
        ILogger<SqliteStateStore>? logger = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        options.Validate();
        SqliteDatabase database = SqliteDatabase.Open(
            Path.Combine(options.Directory, FileName),
            options.MaxReaders,
            time
        );
        RetentionSweep sweep = new(
            database.Path,
            StoreExpiries.Of(
                options,
                Drop(OutboxTables.DropOldContents),
                Drop(OutboxTables.DropOldDecisions),
                Drop(SqliteDeadLetterStore.DropOld),
                new SqliteAgedTransitions(database)
            ),
            time,
            logger ?? NullLogger<SqliteStateStore>.Instance
        );
        return new(new SqliteStateStore(database, sweep));

        Func<Timestamp, ValueTask<ExpiryStep>> Drop(Func<PreparedConnection, Timestamp, ExpiryStep> drop) =>
            before => database.WriteAsync(connection => drop(connection, before), CancellationToken.None);
    }

    public ValueTask PinAsync(int partitionCount, CancellationToken cancellationToken) =>
        _ownership.PinAsync(partitionCount, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        await _database.DisposeAsync();
    }
}
