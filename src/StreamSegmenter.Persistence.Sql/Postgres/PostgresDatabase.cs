using System.Globalization;
using Npgsql;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>
/// The server, reached through a pool of connections each of which has been held to <see cref="PostgresRequirements"/>.
/// The statements of one call are sent together and are one transaction. A call that did not reach the server, or whose
/// connection broke, is made again for a bounded time: it must do no harm twice. Thread-safe.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly TimeSpan _retryFor;
    private readonly TimeProvider _time;

    private PostgresDatabase(NpgsqlDataSource source, string place, TimeSpan retryFor, TimeProvider time)
    {
        (_source, Place, _retryFor, _time) = (source, place, retryFor, time);
    }

    /// <summary>Where the store is, for people.</summary>
    public string Place { get; }

    public static PostgresDatabase Of(PostgresStateStoreOptions options, TimeProvider time)
    {
        NpgsqlConnectionStringBuilder connection = options.ForNpgsql();
        PostgresRequirements requirements = new(options.AllowServerWithoutFsync);
        NpgsqlDataSourceBuilder builder = new(connection.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            static _ => throw new NotSupportedException("Connections are opened asynchronously."),
            requirements.CheckAsync
        );
        NpgsqlDataSource source = connection.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
        string place = string.Create(
            CultureInfo.InvariantCulture,
            $"PostgreSQL {connection.Host}, database {connection.Database}, schema {options.Schema}"
        );
        return new(source, place, options.RetryFor, time);
    }

    /// <summary>Opens a connection once, for what has to be done before any call.</summary>
    /// <exception cref="PostgresStoreException">The server cannot be used as it is.</exception>
    /// <exception cref="StateStoreUnavailableException">The server cannot be reached.</exception>
    public async ValueTask<T> BeginAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            return await work(connection, cancellationToken);
        }
        catch (NpgsqlException e) when (PostgresFaults.IsTransient(e))
        {
            throw Unavailable(e);
        }
        catch (NpgsqlException e)
        {
            throw new PostgresStoreException(Place, $"cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Writes; nobody looks at what the statements return.</summary>
    public async ValueTask WriteAsync(IReadOnlyList<Statement> statements, CancellationToken cancellationToken) =>
        await RunAsync(statements, static (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>Writes with one statement; tells how many rows it changed.</summary>
    public ValueTask<int> ChangeAsync(Statement statement) =>
        RunAsync([statement], static (reader, _) => Task.FromResult(reader.RecordsAffected), CancellationToken.None);

    /// <summary>Reads the rows of one statement.</summary>
    public ValueTask<List<T>> ReadAsync<T>(
        Statement statement,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    ) => RunAsync([statement], (reader, token) => RowsAsync(reader, read, token), cancellationToken);

    /// <summary>Runs statements as one transaction.</summary>
    /// <exception cref="StateStoreUnavailableException">The server could not be reached for too long.</exception>
    public async ValueTask<T> RunAsync<T>(
        IReadOnlyList<Statement> statements,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = _time.GetTimestamp();
        TimeSpan delay = TimeSpan.Zero;
        while (true)
        {
            try
            {
                return await RunOnceAsync(statements, read, cancellationToken);
            }
            catch (Exception e) when (PostgresFaults.IsTransient(e))
            {
                if (_time.GetElapsedTime(start) + delay >= _retryFor)
                {
                    throw Unavailable(e);
                }
            }
            catch (NpgsqlException e) when (PostgresFaults.Refusal(e) is null)
            {
                throw new IOException($"{Place} could not be used: {e.Message}", e);
            }

            // The first time at once: the pool may have held a connection that broke long ago.
            await Task.Delay(delay, _time, cancellationToken);
            delay = delay == TimeSpan.Zero ? s_firstDelay : TimeSpan.FromTicks(delay.Ticks * 2);
            delay = delay < s_longestDelay ? delay : s_longestDelay;
        }
    }

    /// <summary>All rows of the result that a reader stands before.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        NpgsqlDataReader reader,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> RunOnceAsync<T>(
        IReadOnlyList<Statement> statements,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlBatch batch = new(connection);
        foreach (Statement statement in statements)
        {
            batch.BatchCommands.Add(statement.ToCommand());
        }

        // Without a BEGIN all that is sent together is one transaction, which ends with the last statement. So nobody
        // who stops in between can hold a lock.
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        T result = await read(reader, cancellationToken);

        // The server answers the last statement before it commits. What follows all results is the answer to that.
        while (await reader.NextResultAsync(cancellationToken)) { }
        return result;
    }

    private StateStoreUnavailableException Unavailable(Exception e) => new($"{Place} is not available: {e.Message}", e);
}
