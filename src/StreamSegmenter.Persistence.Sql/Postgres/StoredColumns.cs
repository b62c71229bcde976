using Npgsql;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>Values as the tables have them.</summary>
internal static class StoredColumns
{
    public static string GetStoredText(this NpgsqlDataReader row, int column) =>
        StoredText.Decode(row.GetFieldValue<byte[]>(column));

    /// <summary>One column of many rows.</summary>
    public static T[] Column<TRow, T>(this IReadOnlyCollection<TRow> rows, Func<TRow, T> value)
    {
        T[] column = new T[rows.Count];
        int i = 0;
        foreach (TRow row in rows)
        {
            column[i++] = value(row);
        }

        return column;
    }

    public static byte[][] Texts<TRow>(this IReadOnlyCollection<TRow> rows, Func<TRow, string> text) =>
        rows.Column(row => StoredText.Encode(text(row)));

    // "Never" is absent, so that the index of due customers leaves it out.
    public static long? OrNull(this Timestamp due) => due == Timestamp.Never ? null : due.Milliseconds;
}
