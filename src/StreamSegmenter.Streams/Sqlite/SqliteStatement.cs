using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace StreamSegmenter.Streams.Sqlite;

/// <summary>A prepared statement with parameters <c>?1</c>, <c>?2</c>, ...</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // every text comes from this assembly and its friend; values are always parameters
        _command.CommandText = sql;
#pragma warning restore CA2100
    }

    /// <summary>The number of rows changed.</summary>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    public SqliteDataReader Query(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    public void Dispose() => _command.Dispose();

    /// <summary>The bytes as SQLite wants them: copied only when they are part of a larger array.</summary>
    public static byte[] Blob(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> whole)
        && whole.Offset == 0
        && whole.Count == whole.Array!.Length
            ? whole.Array
            : bytes.ToArray();

    private void Bind(ReadOnlySpan<object?> values)
    {
        SqliteParameterCollection parameters = _command.Parameters;
        for (int i = parameters.Count; i < values.Length; i++)
        {
            parameters.Add(
                new SqliteParameter { ParameterName = "?" + (i + 1).ToString(CultureInfo.InvariantCulture) }
            );
        }

        for (int i = 0; i < values.Length; i++)
        {
            parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
