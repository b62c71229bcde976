using Npgsql;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>A row of the outbox that is pending.</summary>
internal static class PendingRow
{
    public const string Columns =
        "id, connector, shard, sequence, customer, attempts, content, made_at, not_before, granted_at, unknown_at";

    public static PendingPush Read(NpgsqlDataReader row)
    {
        Push push = new(
            new(row.GetStoredText(0)),
            new(row.GetStoredText(1)),
            new(row.GetStoredText(4)),
            row.GetInt32(5),
            row.IsDBNull(6) ? default : row.GetFieldValue<byte[]>(6)
        );
        return new(new(new(row.GetInt32(2)), row.GetInt64(3)), push, new(row.GetInt64(7)), new(row.GetInt64(8)))
        {
            GrantedAt = Time(row, 9),
            UnknownAt = Time(row, 10),
        };
    }

    private static Timestamp? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new(row.GetInt64(column));
}
