using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Conformance.Log;

/// <summary>A log in this process: its clock is given, its positions have no gaps and it can be truncated.</summary>
public abstract class LocalEventLogFixture : EventLogFixture
{
    public FakeTimeProvider Time { get; } = new();

    public abstract ValueTask TruncateAsync(Timestamp before);
}

/// <summary>What a log does that takes its clock from this process.</summary>
public abstract class LocalEventLogConformance<TFixture> : EventLogConformance<TFixture>
    where TFixture : LocalEventLogFixture, new()
{
    private static readonly PartitionId s_partition = Murmur2.PartitionOf(
        new CustomerId("u1"),
        EventLogFixture.PartitionCount
    );

    private Timestamp Now => Timestamp.From(Log.Time.GetUtcNow());

    [Fact]
    public async Task Log_time_is_the_time_of_the_append()
    {
        Timestamp first = Now;
        await AppendAsync(Record("u1", "1"));
        Log.Time.Advance(TimeSpan.FromHours(1));
        await AppendAsync(Record("u1", "2"));

        (await ReadAllAsync()).Select(record => record.LogTime).ShouldBe([first, first.Plus(3_600_000)]);
    }

    [Fact]
    public async Task Log_time_stands_still_while_the_clock_is_set_back()
    {
        DateTimeOffset start = Log.Time.GetUtcNow();
        await AppendAsync(Record("u1", "1"));
        Log.Time.SetBack(TimeSpan.FromHours(2));
        await AppendAsync(Record("u1", "2"));
        Log.Time.AdvanceTo(start + TimeSpan.FromSeconds(1));
        await AppendAsync(Record("u1", "3"));

        (await ReadAllAsync())
            .Select(record => record.LogTime)
            .ShouldBe([Timestamp.From(start), Timestamp.From(start), Timestamp.From(start).Plus(1_000)]);
    }

    [Fact]
    public async Task A_clock_that_was_read_binds_later_records_even_when_the_clock_is_set_back()
    {
        Log.Time.Advance(TimeSpan.FromHours(5));
        Timestamp promised = (await ReadAtEndAsync()).Clock!.Value;
        promised.ShouldBe(Now);

        Log.Time.SetBack(TimeSpan.FromHours(3));
        await AppendAsync(Record("u1", "1"));

        (await ReadAllAsync()).ShouldHaveSingleItem().LogTime.ShouldBe(promised);
    }

    [Fact]
    public async Task The_clock_of_an_idle_partition_follows_the_wall_clock()
    {
        await AppendAsync(Record("u1", "1"));
        for (int i = 0; i < 5; i++)
        {
            Log.Time.Advance(TimeSpan.FromSeconds(10));
            (await ReadAtEndAsync()).Clock.ShouldBe(Now);
        }
    }

    [Fact]
    public async Task A_read_gives_up_after_its_wait()
    {
        Task<LogBatch> waiting = Log
            .Reader.ReadAsync(s_partition, default, 1, TimeSpan.FromSeconds(5), default)
            .AsTask();
        while (!waiting.IsCompleted)
        {
            Log.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        LogBatch batch = await waiting;
        batch.Records.ShouldBeEmpty();
        batch.Clock.ShouldNotBeNull();
    }

    [Fact]
    public async Task Positions_have_no_gaps_and_start_at_zero()
    {
        for (int i = 0; i < 10; i++)
        {
            await AppendAsync(Record("u1", "a"), Record("u1", "b"));
        }

        (await ReadAllAsync())
            .Select(record => record.Position.Value)
            .ShouldBe(Enumerable.Range(0, 20).Select(i => (long)i));
    }

    [Fact]
    public async Task Truncation_removes_what_is_older_and_nothing_else()
    {
        await AppendAsync(Record("u1", "old"), Record("u1", "old"));
        Log.Time.Advance(TimeSpan.FromDays(1));
        Timestamp border = Now;
        await AppendAsync(Record("u1", "young"));

        await Log.TruncateAsync(border);

        Text((await ReadAllAsync()).ShouldHaveSingleItem()).ShouldBe("young");
        (await Log.Reader.GetRangeAsync(s_partition, default)).ShouldBe(new LogRange(new(2), new(3)));
        await Should.ThrowAsync<LogPositionOutOfRangeException>(async () =>
            await Log.Reader.ReadAsync(s_partition, new(1), 1, Soon, default)
        );
    }

    [Fact]
    public async Task Positions_go_on_where_they_were_after_everything_was_truncated()
    {
        await AppendAsync(Record("u1", "old"));
        await Log.TruncateAsync(Now.Plus(1));
        (await Log.Reader.GetRangeAsync(s_partition, default)).ShouldBe(new LogRange(new(1), new(1)));

        await AppendAsync(Record("u1", "new"));

        (await ReadAllAsync()).ShouldHaveSingleItem().Position.ShouldBe(new LogPosition(1));
    }

    private async Task<LogBatch> ReadAtEndAsync()
    {
        LogRange range = await Log.Reader.GetRangeAsync(s_partition, default);
        return await Log.Reader.ReadAsync(s_partition, range.End, 1, TimeSpan.Zero, default);
    }
}
