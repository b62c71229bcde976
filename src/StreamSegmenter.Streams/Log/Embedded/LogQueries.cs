using Microsoft.Data.Sqlite;
using SQLitePCL;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>Reads batches from the table and verifies them.</summary>
internal static class LogQueries
{
    // A read returns at least one batch, and further ones while it stays below this.
    private const int MaxReadBytes = 4 << 20;

    private const string FromBatchHolding = """
        SELECT id, count, log_time, records FROM batch
        WHERE id >= (SELECT max(id) FROM batch WHERE id >= ?1 AND id <= ?2) AND id < ?3
        ORDER BY id
        """;

    /// <summary>The batches that hold up to <paramref name="max"/> records from <paramref name="from"/> on.</summary>
    public static List<StoredBatch> Read(
        PreparedConnection connection,
        PartitionId partition,
        LogPosition from,
        LogPosition end,
        int max
    )
    {
        List<StoredBatch> batches = [];
        LogPosition wanted = new(Math.Min(end.Value, from.Value + max));
        long bytes = 0;
        using SqliteDataReader row = connection
            .Statement(FromBatchHolding)
            .Query(
                BatchKey.Of(partition, LogPosition.Start),
                BatchKey.Of(partition, from),
                BatchKey.Of(partition, wanted)
            );
        while (bytes < MaxReadBytes && row.Read())
        {
            StoredBatch batch = Verified(partition, row);
            batches.Add(batch);
            bytes += batch.Bytes.Length;
        }

        return batches;
    }

    /// <summary>The partition's last batch, if it has any.</summary>
    public static StoredBatch? Last(PreparedConnection connection, PartitionId partition)
    {
        using SqliteDataReader row = connection
            .Statement(
                "SELECT id, count, log_time, records FROM batch WHERE id >= ?1 AND id < ?2 ORDER BY id DESC LIMIT 1"
            )
            .Query(BatchKey.Of(partition, LogPosition.Start), BatchKey.EndOf(partition));
        return row.Read() ? Verified(partition, row) : null;
    }

    private static StoredBatch Verified(PartitionId partition, SqliteDataReader row)
    {
        // The provider would make a new array for each.
        ReadOnlySpan<byte> stored = raw.sqlite3_column_blob(row.Handle, 3);
        BatchBuffer buffer = BatchBuffer.Take(stored.Length);
        stored.CopyTo(buffer.Array);
        StoredBatch batch = new(
            partition,
            BatchKey.PositionIn(row.GetInt64(0)),
            row.GetInt32(1),
            new Timestamp(row.GetInt64(2)),
            buffer.Array.AsMemory(0, stored.Length)
        )
        {
            Buffer = buffer,
        };
        BatchFormat.Verify(batch);
        return batch;
    }
}
