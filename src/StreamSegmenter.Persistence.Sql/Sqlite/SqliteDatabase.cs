using Microsoft.Data.Sqlite;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>
/// The state store's file: one connection that writes, behind a queue, and several that read. Writes that wait at the
/// same time share one transaction and so one sync of the disk; when one of them fails, each gets a transaction of its
/// own, so that it takes nothing of the others with it. Long ones, as of shards that catch up, have a transaction each,
/// and between two of them everybody else has a turn. Thread-safe.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int ApplicationId = 0x53535331; // "SSS1"

    // Rows are small and changed all over the file: the smaller the pages, the less is written for each.
    private const int PageBytes = 4 << 10;

    private const int MaxWaitingWrites = 256;
    private const int MaxWritesPerTransaction = 64;

    private static readonly SqliteSchema s_schema = SqliteSchema.FromResources(
        "a state store",
        ApplicationId,
        typeof(SqliteDatabase).Assembly,
        "StreamSegmenter.Persistence.Sql.Sqlite.Migrations."
    );

    private readonly SqliteFile _file;
    private readonly PreparedConnection _writer;
    private readonly SqliteReaderPool _readers;
    private readonly GroupThread<SqliteWrite> _thread;
    private readonly SemaphoreSlim _room = new(MaxWaitingWrites, MaxWaitingWrites);

    private SqliteDatabase(SqliteFile file, PreparedConnection writer, int maxReaders)
    {
        _file = file;
        _writer = writer;
        _readers = new(file, maxReaders);
        _thread = new("state store", Handle);
    }

    public string Path => _file.Path;

    public static SqliteDatabase Open(string path, int maxReaders, TimeProvider time)
    {
        SqliteFile file = SqliteFile.Take(path);
        PreparedConnection? writer = null;
        try
        {
            writer = file.OpenWriter(PageBytes);
            s_schema.Apply(writer, file.Path, time);
            return new(file, writer, maxReaders);
        }
        catch
        {
            writer?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="write"/> on the writing thread, all of it or nothing; durable when the task completes. It
    /// may run twice, the first time for nothing. Cancellation counts until the write is queued: from then on its
    /// outcome is always told. Writes that wait at the same time may come in any order.
    /// </summary>
    /// <param name="isLong">It takes many times as long as a sync of the disk.</param>
    public async ValueTask<T> WriteAsync<T>(
        Func<PreparedConnection, T> write,
        CancellationToken cancellationToken,
        bool isLong = false
    )
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            SqliteWrite<T> queued = new(write, isLong);
            _thread.Enqueue(queued);
            return await queued.Result;
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Runs <paramref name="read"/> on a connection that sees everything committed before.</summary>
    public ValueTask<T> ReadAsync<TState, T>(
        TState state,
        Func<PreparedConnection, TState, T> read,
        CancellationToken cancellationToken
    ) => _readers.ReadAsync(state, read, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _thread.DisposeAsync();
        }
        finally
        {
            _readers.Dispose();
            _writer.Dispose();
            _file.Dispose();
        }
    }

    private void Handle(List<SqliteWrite> waiting)
    {
        SqliteWrite[] together = [.. waiting.Where(static write => !write.IsLong).Take(MaxWritesPerTransaction)];
        SqliteWrite[] alone = [.. waiting.Where(static write => write.IsLong).Take(1)];
        foreach (SqliteWrite[] transaction in (SqliteWrite[][])[together, alone])
        {
            if (transaction.Length > 0)
            {
                Commit(transaction);
                waiting.RemoveAll(transaction.Contains);
            }
        }
    }

    private void Commit(SqliteWrite[] writes)
    {
        bool running = false;
        try
        {
            _writer.Statement("BEGIN IMMEDIATE").Execute();
            running = true;
            foreach (SqliteWrite write in writes)
            {
                write.Run(_writer);
            }

            running = false;
            _writer.Statement("COMMIT").Execute();
        }
        catch (Exception e)
        {
            Abandon();
            if (running && writes.Length > 1)
            {
                CommitEachAlone(writes);
                return;
            }

            Exception reason = Explain(e);
            foreach (SqliteWrite write in writes)
            {
                write.Fail(reason);
            }
        }

        foreach (SqliteWrite write in writes)
        {
            write.Answer();
        }
    }

    // One of them failed. Running all again is seldom and cheap; a savepoint for each costs a copy of every page that
    // it changes, always.
    private void CommitEachAlone(SqliteWrite[] writes)
    {
        foreach (SqliteWrite write in writes)
        {
            Commit([write]);
        }
    }

    private void Abandon()
    {
        try
        {
            if (!_writer.IsIdle)
            {
                _writer.Statement("ROLLBACK").Execute();
            }
        }
        catch (SqliteException)
        {
            // The next BEGIN fails then, and says why.
        }
    }

    private Exception Explain(Exception e) =>
        e is SqliteException ? new IOException($"{Path} could not be written: {e.Message}", e) : e;
}
