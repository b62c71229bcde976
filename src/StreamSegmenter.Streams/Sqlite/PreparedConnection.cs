using Microsoft.Data.Sqlite;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>A connection that prepares each statement once. For one thread at a time.</summary>
internal sealed class PreparedConnection(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    /// <summary>Outside of a transaction; true also after SQLite rolled one back by itself.</summary>
    public bool IsIdle => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0;

    public void Open() => connection.Open();

    /// <summary>The prepared form of <paramref name="sql"/>, owned by this connection.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            _statements.Add(sql, statement = new(connection, sql));
        }

        return statement;
    }

    /// <summary>Runs statements that are not worth keeping.</summary>
    public void Run(string sql)
    {
        using SqliteCommand command = Command(sql);
        command.ExecuteNonQuery();
    }

    public object? Scalar(string sql)
    {
        using SqliteCommand command = Command(sql);
        return command.ExecuteScalar();
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Command(string sql)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // every text comes from this assembly and its friend; values are always parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
