using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>
/// A prepared statement with parameters <c>?1</c>, <c>?2</c>, ... What returns rows goes through the provider; what
/// returns none goes to SQLite directly, because there the provider costs more than SQLite does.
/// </summary>
internal sealed class SqliteStatement(SqliteConnection connection, string sql) : IDisposable
{
    private const int TextBytesOnStack = 256;

    private SqliteCommand? _query;
    private sqlite3_stmt? _statement;

    /// <summary>Runs a statement without rows and returns how many rows it changed.</summary>
    public int Execute(params ReadOnlySpan<SqliteInput> values)
    {
        sqlite3 database = connection.Handle!;
        sqlite3_stmt statement = _statement ??= Prepare(database);
        int result = raw.SQLITE_OK;
        for (int i = 0; i < values.Length && result == raw.SQLITE_OK; i++)
        {
            result = Bind(statement, i + 1, values[i]);
        }

        result = result == raw.SQLITE_OK ? raw.sqlite3_step(statement) : result;
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            Fail(database, statement, result);
        }

        int changes = raw.sqlite3_changes(database);
        raw.sqlite3_reset(statement);
        return changes;
    }

    /// <summary>Runs a statement with rows; the reader is to be disposed before the next run.</summary>
    public SqliteDataReader Query(params ReadOnlySpan<SqliteInput> values)
    {
        _query ??= Command();
        SqliteParameterCollection parameters = _query.Parameters;
        for (int i = parameters.Count; i < values.Length; i++)
        {
            parameters.Add(
                new SqliteParameter { ParameterName = "?" + (i + 1).ToString(CultureInfo.InvariantCulture) }
            );
        }

        for (int i = 0; i < values.Length; i++)
        {
            parameters[i].Value = values[i].ToObject();
        }

        return _query.ExecuteReader();
    }

    public void Dispose()
    {
        _query?.Dispose();
        _statement?.Dispose();
    }

    private sqlite3_stmt Prepare(sqlite3 database)
    {
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v2(database, sql, out sqlite3_stmt statement),
            database
        );
        return statement;
    }

    private SqliteCommand Command()
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // every text comes from this assembly and its friend; values are always parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    // The message is the database's last one, so it is taken before the reset.
    private static void Fail(sqlite3 database, sqlite3_stmt statement, int result)
    {
        try
        {
            SqliteException.ThrowExceptionForRC(result, database);
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    private static int Bind(sqlite3_stmt statement, int parameter, in SqliteInput value) =>
        value.Kind switch
        {
            SqliteInputKind.Integer => raw.sqlite3_bind_int64(statement, parameter, value.Integer),
            SqliteInputKind.Text => BindText(statement, parameter, value.Text),
            SqliteInputKind.Blob => BindBlob(statement, parameter, value.Blob),
            _ => raw.sqlite3_bind_null(statement, parameter),
        };

    // SQLite takes a pointer to nothing for NULL, not for an empty value.
    private static int BindBlob(sqlite3_stmt statement, int parameter, ReadOnlySpan<byte> blob) =>
        blob.IsEmpty
            ? raw.sqlite3_bind_zeroblob(statement, parameter, 0)
            : raw.sqlite3_bind_blob(statement, parameter, blob);

    private static int BindText(sqlite3_stmt statement, int parameter, string text)
    {
        if (text.Length == 0)
        {
            return raw.sqlite3_bind_text(statement, parameter, "");
        }

        int size = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (size <= TextBytesOnStack)
        {
            Span<byte> bytes = stackalloc byte[TextBytesOnStack];
            return raw.sqlite3_bind_text(statement, parameter, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(size);
        int result = raw.sqlite3_bind_text(
            statement,
            parameter,
            rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented))
        );
        ArrayPool<byte>.Shared.Return(rented);
        return result;
    }
}
