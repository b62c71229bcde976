using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>Connections for reading, opened as needed up to a limit and kept. Thread-safe.</summary>
internal sealed class SqliteReaderPool(SqliteFile file, int maxConnections) : IDisposable
{
    private readonly ConcurrentBag<PreparedConnection> _idle = [];
    private readonly SemaphoreSlim _free = new(maxConnections, maxConnections);
    private volatile bool _disposed;

    /// <summary>Lends a connection to <paramref name="read"/>, waiting for one if all are lent.</summary>
    public async ValueTask<TResult> ReadAsync<TState, TResult>(
        TState state,
        Func<PreparedConnection, TState, TResult> read,
        CancellationToken cancellationToken
    )
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            PreparedConnection connection = _idle.TryTake(out PreparedConnection? kept) ? kept : file.OpenReader();
            bool healthy = false;
            try
            {
                TResult result = read(connection, state);
                healthy = connection.IsIdle;
                return result;
            }
            catch (SqliteException e)
            {
                throw new IOException($"{file.Path} could not be read: {e.Message}", e);
            }
            finally
            {
                if (healthy && !_disposed)
                {
                    _idle.Add(connection);
                }
                else
                {
                    connection.Dispose();
                }
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Call it when nobody reads any more.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out PreparedConnection? connection))
        {
            connection.Dispose();
        }

        _free.Dispose();
    }
}
