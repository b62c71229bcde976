using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Streams.Tests.Log.Embedded;

/// <summary>Memory is used again only when nobody reads it.</summary>
public sealed class BatchBufferTests
{
    private const int Appends = 300;
    private const int RecordsPerAppend = 40;

    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    [InlineData(64 << 20)]
    public async Task What_a_reader_holds_stays_as_it_was_until_it_lets_go(long cacheBytes)
    {
        await using EmbeddedLog embedded = new();
        embedded.Options = embedded.Options with { CacheBytes = cacheBytes };
        await embedded.OpenAsync();
        Task writing = Task.Run(async () =>
        {
            for (int append = 0; append < Appends; append++)
            {
                await embedded.Log.AppendAsync(Records(append), default);
            }
        });

        Random random = new(7);
        Queue<LogBatch> held = [];
        for (long next = 0; next < Appends * RecordsPerAppend; )
        {
            LogBatch batch = await embedded.Log.ReadAsync(
                EmbeddedLog.Partition,
                new(next),
                random.Next(1, 200),
                TimeSpan.FromMinutes(1),
                default
            );
            next = batch.Next.Value;
            held.Enqueue(batch);
            while (held.Count > random.Next(8))
            {
                LetGo(held.Dequeue(), forget: random.Next(10) == 0);
            }
        }

        await writing;
        foreach (LogBatch batch in held)
        {
            LetGo(batch, forget: false);
        }
    }

    private static void LetGo(LogBatch batch, bool forget)
    {
        foreach (LogRecord record in batch.Records)
        {
            Encoding.UTF8.GetString(record.Payload.Span).ShouldBe(Payload(record.Position.Value));
        }

        if (!forget)
        {
            batch.Release();
            batch.Release();
        }
    }

    private static NewRecord[] Records(int append) =>
        [
            .. Enumerable
                .Range(append * RecordsPerAppend, RecordsPerAppend)
                .Select(i => new NewRecord(new CustomerId("u1"), Encoding.UTF8.GetBytes(Payload(i)))),
        ];

    // Some appends fill an array of the pool, some do not, some are longer than a batch is meant to be.
    private static string Payload(long position)
    {
        long append = position / RecordsPerAppend;
        return new((char)('a' + (position % 26)), append % 50 == 0 ? 70_000 : (int)(append % 17) * 100);
    }
}
