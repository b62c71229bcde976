using Microsoft.Data.Sqlite;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Streams.Log.Embedded;

/// <summary>The tables of <c>log.db</c> and the one connection that writes them. For one thread at a time.</summary>
internal sealed class LogFile : IDisposable
{
    private const int ApplicationId = 0x53534c31; // "SSL1"

    // Batches are large and written once: the fewer pages they fill, the less each of them costs.
    private const int PageBytes = 16 << 10;

    private const string InsertBatch = "INSERT INTO batch (id, count, log_time, records) VALUES (?1, ?2, ?3, ?4)";
    private const string SetClock = "INSERT OR REPLACE INTO clock (id, reserved) VALUES (1, ?1)";

    private static readonly SqliteSchema s_schema = SqliteSchema.FromResources(
        "an event log",
        ApplicationId,
        typeof(LogFile).Assembly,
        "StreamSegmenter.Streams.Log.Embedded.Schema."
    );

    private readonly SqliteFile _file;
    private readonly PreparedConnection _writer;

    private LogFile(SqliteFile file, PreparedConnection writer)
    {
        _file = file;
        _writer = writer;
    }

    public string Path => _file.Path;

    /// <summary>Times up to this one may be promised to readers.</summary>
    public Timestamp Reserved { get; private set; }

    public static LogFile Open(string path, int partitionCount, TimeProvider time)
    {
        SqliteFile file = SqliteFile.Take(path);
        PreparedConnection? writer = null;
        try
        {
            writer = file.OpenWriter(PageBytes);
            s_schema.Apply(writer, file.Path, time);
            LogFile log = new(file, writer);
            log.PinPartitions(partitionCount);
            log.LoadClock();
            return log;
        }
        catch
        {
            writer?.Dispose();
            file.Dispose();
            throw;
        }
    }

    public SqliteReaderPool OpenReaders(int maxConnections) => new(_file, maxConnections);

    /// <summary>What each partition holds, from its rows.</summary>
    public PartitionTail[] LoadTails(int partitionCount, long cacheBytes)
    {
        PartitionTail[] tails = new PartitionTail[partitionCount];
        SqliteStatement select = _writer.Statement("SELECT earliest, end, log_time FROM partition WHERE id = ?1");
        for (int i = 0; i < partitionCount; i++)
        {
            PartitionId partition = new(i);
            using SqliteDataReader row = select.Query(i);
            row.Read();
            LogPosition end = new(row.GetInt64(1));
            Timestamp time = Timestamp.Max(new(row.GetInt64(2)), Reserved);
            if (LogQueries.Last(_writer, partition) is { } last)
            {
                end = last.End;
                time = Timestamp.Max(time, last.LogTime);
            }

            tails[i] = new(partition, new(new(row.GetInt64(0)), end), time, cacheBytes / partitionCount);
        }

        return tails;
    }

    /// <summary>Writes the batches, and the reserved time if it grew, in one transaction.</summary>
    public void Write(List<StoredBatch> batches, Timestamp reserve)
    {
        InTransaction(() =>
        {
            SqliteStatement insert = _writer.Statement(InsertBatch);
            foreach (StoredBatch batch in batches)
            {
                long id = BatchKey.Of(batch.Partition, batch.First);
                insert.Execute(id, batch.Count, batch.LogTime.Milliseconds, (ReadOnlyMemory<byte>)batch.Bytes);
            }

            if (reserve > Reserved)
            {
                _writer.Statement(SetClock).Execute(reserve.Milliseconds);
            }
        });
        Reserved = Timestamp.Max(Reserved, reserve);
    }

    /// <summary>Gives back the part of the reserved time that nobody was promised.</summary>
    public void ReleaseClock(Timestamp promised)
    {
        if (promised < Reserved)
        {
            _writer.Statement(SetClock).Execute(promised.Milliseconds);
            Reserved = promised;
        }
    }

    /// <summary>
    /// The position after the leading batches that are older than <paramref name="before"/>, looking at no more than
    /// <paramref name="maxBatches"/>; null when the first one is young enough.
    /// </summary>
    public LogPosition? FindTruncation(PartitionTail tail, Timestamp before, int maxBatches)
    {
        LogPosition? end = null;
        using SqliteDataReader row = _writer
            .Statement("SELECT id, count, log_time FROM batch WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3")
            .Query(BatchKey.Of(tail.Partition, tail.Range.Earliest), BatchKey.EndOf(tail.Partition), maxBatches);
        while (row.Read() && row.GetInt64(2) < before.Milliseconds)
        {
            end = new(BatchKey.PositionIn(row.GetInt64(0)).Value + row.GetInt32(1));
        }

        return end;
    }

    /// <summary>Deletes a partition's batches before <paramref name="earliest"/>.</summary>
    public void Delete(PartitionId partition, LogPosition earliest, LogPosition end, Timestamp floor) =>
        InTransaction(() =>
        {
            _writer
                .Statement("UPDATE partition SET earliest = ?2, end = ?3, log_time = ?4 WHERE id = ?1")
                .Execute(partition.Value, earliest.Value, end.Value, floor.Milliseconds);
            _writer
                .Statement("DELETE FROM batch WHERE id >= ?1 AND id < ?2")
                .Execute(BatchKey.Of(partition, LogPosition.Start), BatchKey.Of(partition, earliest));
        });

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    private void PinPartitions(int partitionCount)
    {
        long pinned = (long)_writer.Scalar("SELECT count(*) FROM partition")!;
        if (pinned == 0)
        {
            InTransaction(() =>
            {
                SqliteStatement insert = _writer.Statement(
                    "INSERT INTO partition (id, earliest, end, log_time) VALUES (?1, 0, 0, ?2)"
                );
                for (int i = 0; i < partitionCount; i++)
                {
                    insert.Execute(i, Timestamp.Beginning.Milliseconds);
                }
            });
        }
        else if (pinned != partitionCount)
        {
            throw new SqliteFileException(
                Path,
                $"has {pinned} partitions for good, but {partitionCount} are configured. Customers are spread by this "
                    + $"number: configure {pinned}, or start a new log."
            );
        }
    }

    private void LoadClock() =>
        Reserved = new(
            _writer.Scalar("SELECT reserved FROM clock") is long reserved ? reserved : Timestamp.Beginning.Milliseconds
        );

    private void InTransaction(Action write)
    {
        _writer.Statement("BEGIN IMMEDIATE").Execute();
        try
        {
            write();
            _writer.Statement("COMMIT").Execute();
        }
        catch
        {
            if (!_writer.IsIdle)
            {
                _writer.Statement("ROLLBACK").Execute();
            }

            throw;
        }
    }
}
