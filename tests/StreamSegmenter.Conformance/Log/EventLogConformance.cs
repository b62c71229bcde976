using System.Text;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Conformance.Log;

/// <summary>What every event log does, whoever stores it.</summary>
public abstract class EventLogConformance<TFixture> : IAsyncLifetime
    where TFixture : EventLogFixture, new()
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    protected TFixture Log { get; } = new();

    public Task InitializeAsync() => Log.InitializeAsync();

    public Task DisposeAsync() => Log.DisposeAsync();

    [Fact]
    public async Task A_record_comes_back_as_it_was_appended()
    {
        await AppendAsync(Record("u1", "{\"event\":\"purchase\"}"));

        LogRecord record = (await ReadAllAsync()).ShouldHaveSingleItem();
        record.Customer.ShouldBe(new CustomerId("u1"));
        Text(record).ShouldBe("{\"event\":\"purchase\"}");
    }

    [Fact]
    public async Task A_customer_lives_where_Kafka_would_put_it()
    {
        // Computed with the hashes that Kafka's own tests publish: (hash & 0x7fffffff) % 4.
        (string Customer, int Partition)[] published =
        [
            ("21", (-973932308 & int.MaxValue) % 4),
            ("foobar", (-790332482 & int.MaxValue) % 4),
            ("a-little-bit-long-string", (-985981536 & int.MaxValue) % 4),
            ("abc", 479470107 % 4),
        ];
        await AppendAsync([.. published.Select(p => Record(p.Customer, "{}"))]);

        foreach ((string customer, int partition) in published)
        {
            (await ReadAllAsync(new(partition))).ShouldContain(record => record.Customer.Value == customer);
        }
    }

    [Fact]
    public async Task Records_of_a_partition_keep_their_order_over_appends()
    {
        for (int i = 0; i < 20; i++)
        {
            await AppendAsync(Record("u1", $"{2 * i}"), Record("u1", $"{(2 * i) + 1}"));
        }

        (await ReadAllAsync()).Select(Text).ShouldBe(Enumerable.Range(0, 40).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Positions_grow_and_lead_from_one_read_to_the_next()
    {
        PartitionId partition = Murmur2.PartitionOf(new CustomerId("u1"), EventLogFixture.PartitionCount);
        await AppendAsync([.. Enumerable.Range(0, 100).Select(i => Record("u1", $"{i}"))]);

        List<LogRecord> read = [];
        LogPosition next = (await Log.Reader.GetRangeAsync(partition, default)).Earliest;
        while (read.Count < 100)
        {
            LogBatch batch = await Log.Reader.ReadAsync(partition, next, 7, Soon, default);
            batch.Records.Count.ShouldBeInRange(1, 7);
            read.AddRange(batch.Records);
            next = batch.Next;
        }

        read.Select(Text).ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i}"));
        read.Zip(read.Skip(1)).ShouldAllBe(pair => pair.First.Position < pair.Second.Position);
        next.ShouldBe((await Log.Reader.GetRangeAsync(partition, default)).End);
    }

    [Fact]
    public async Task A_read_may_start_at_any_record()
    {
        PartitionId partition = Murmur2.PartitionOf(new CustomerId("u1"), EventLogFixture.PartitionCount);
        await AppendAsync([.. Enumerable.Range(0, 30).Select(i => Record("u1", $"{i}"))]);
        List<LogRecord> all = await ReadAllAsync(partition);

        for (int i = 0; i < all.Count; i++)
        {
            LogBatch batch = await Log.Reader.ReadAsync(partition, all[i].Position, 1, Soon, default);
            Text(batch.Records.ShouldHaveSingleItem()).ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task An_empty_partition_reads_as_empty_with_a_clock()
    {
        LogRange range = await Log.Reader.GetRangeAsync(new(0), default);
        range.Earliest.ShouldBe(range.End);

        LogBatch batch = await Log.Reader.ReadAsync(new(0), range.End, 10, TimeSpan.Zero, default);

        batch.Records.ShouldBeEmpty();
        batch.Next.ShouldBe(range.End);
        batch.Clock.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_read_waits_for_a_record()
    {
        PartitionId partition = Murmur2.PartitionOf(new CustomerId("u1"), EventLogFixture.PartitionCount);
        Task<LogBatch> waiting = ReadWhenThereAsync(partition);

        await AppendAsync(Record("u1", "late"));

        Text((await waiting.WaitAsync(Soon)).Records.ShouldHaveSingleItem()).ShouldBe("late");
    }

    [Fact]
    public async Task A_waiting_read_can_be_cancelled()
    {
        using CancellationTokenSource source = new();
        Task<LogBatch> waiting = Log.Reader.ReadAsync(new(0), default, 1, Soon, source.Token).AsTask();

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    [Fact]
    public async Task Log_time_never_decreases_along_a_partition_and_the_clock_is_not_before_it()
    {
        for (int i = 0; i < 50; i++)
        {
            await AppendAsync(Record("u1", $"{i}"));
        }

        PartitionId partition = Murmur2.PartitionOf(new CustomerId("u1"), EventLogFixture.PartitionCount);
        List<LogRecord> read = [];
        LogPosition next = default;
        Timestamp? clock = null;
        while (read.Count < 50 || clock is null)
        {
            LogBatch batch = await Log.Reader.ReadAsync(partition, next, 1_000, TimeSpan.FromMilliseconds(1), default);
            read.AddRange(batch.Records);
            (next, clock) = (batch.Next, batch.Clock);
        }

        read.Count.ShouldBe(50);
        read.Zip(read.Skip(1)).ShouldAllBe(pair => pair.First.LogTime <= pair.Second.LogTime);
        clock.Value.ShouldBeGreaterThanOrEqualTo(read[^1].LogTime);
    }

    [Fact]
    public async Task No_later_record_is_earlier_than_a_clock_that_was_read()
    {
        PartitionId partition = Murmur2.PartitionOf(new CustomerId("u1"), EventLogFixture.PartitionCount);
        const int Count = 300;
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
            {
                await AppendAsync(Record("u1", $"{i}"));
            }
        });

        Timestamp clock = Timestamp.Beginning;
        LogPosition next = default;
        int read = 0;
        while (read < Count)
        {
            LogBatch batch = await Log.Reader.ReadAsync(partition, next, 10, TimeSpan.FromMilliseconds(1), default);
            batch.Records.ShouldAllBe(record => record.LogTime >= clock);
            clock = batch.Clock ?? clock;
            (next, read) = (batch.Next, read + batch.Records.Count);
        }

        await writing;
    }

    [Fact]
    public async Task A_read_short_of_the_end_has_no_clock()
    {
        PartitionId partition = Murmur2.PartitionOf(new CustomerId("u1"), EventLogFixture.PartitionCount);
        await AppendAsync(Record("u1", "1"), Record("u1", "2"));

        (await Log.Reader.ReadAsync(partition, default, 1, Soon, default)).Clock.ShouldBeNull();
    }

    [Fact]
    public async Task Positions_outside_the_log_are_refused()
    {
        await AppendAsync(Record("u1", "1"));
        PartitionId partition = Murmur2.PartitionOf(new CustomerId("u1"), EventLogFixture.PartitionCount);
        LogRange range = await Log.Reader.GetRangeAsync(partition, default);

        await Should.ThrowAsync<LogPositionOutOfRangeException>(async () =>
            await Log.Reader.ReadAsync(partition, new(range.End.Value + 1), 1, Soon, default)
        );
        await Should.ThrowAsync<LogPositionOutOfRangeException>(async () =>
            await Log.Reader.ReadAsync(partition, new(range.Earliest.Value - 1), 1, Soon, default)
        );
    }

    [Fact]
    public async Task Naughty_customers_and_payloads_come_back_whole()
    {
        await AppendAsync([.. NaughtyText.Names.Select(name => Record(name, "payload of " + name))]);

        List<LogRecord> all = await ReadAllAsync();
        all.Count.ShouldBe(NaughtyText.Names.Count);
        all.ShouldAllBe(record => Text(record) == "payload of " + record.Customer.Value);
        all.Select(record => record.Customer.Value).ShouldBe(NaughtyText.Names, ignoreOrder: true);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_refused_instead_of_becoming_another_customer()
    {
        await Should.ThrowAsync<ArgumentException>(() => AppendAsync(Record("u\ud800", "{}")));

        (await ReadAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Large_and_empty_payloads_come_back_whole()
    {
        byte[] large = new byte[700_000];
        new Random(1).NextBytes(large);
        await AppendAsync(new NewRecord(new("u1"), large), new NewRecord(new("u1"), default));

        List<LogRecord> all = await ReadAllAsync();
        all[0].Payload.Span.SequenceEqual(large).ShouldBeTrue();
        all[1].Payload.Length.ShouldBe(0);
    }

    [Fact]
    public async Task The_payload_may_be_reused_once_the_append_has_completed()
    {
        byte[] buffer = Encoding.UTF8.GetBytes("first");
        await AppendAsync(new NewRecord(new("u1"), buffer));
        buffer.AsSpan().Fill((byte)'x');

        Text((await ReadAllAsync()).ShouldHaveSingleItem()).ShouldBe("first");
    }

    [Fact]
    public async Task Appending_nothing_is_allowed()
    {
        await AppendAsync();

        (await ReadAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cancelled_append_writes_nothing()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Log.Writer.AppendAsync([Record("u1", "{}")], source.Token)
        );

        (await ReadAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Writers_at_once_lose_nothing_and_each_keeps_its_order()
    {
        const int Writers = 8;
        const int Each = 50;
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (int i = 0; i < Each; i++)
                        {
                            await AppendAsync(Record($"u{writer}", $"{i}"));
                        }
                    })
                )
        );

        ILookup<string, string> byCustomer = (await ReadAllAsync()).ToLookup(
            record => record.Customer.Value,
            Text,
            StringComparer.Ordinal
        );
        byCustomer.Count.ShouldBe(Writers);
        byCustomer.ShouldAllBe(texts => texts.SequenceEqual(Enumerable.Range(0, Each).Select(i => $"{i}")));
    }

    protected static NewRecord Record(string customer, string payload) =>
        new(new(customer), Encoding.UTF8.GetBytes(payload));

    protected static string Text(LogRecord record) => Encoding.UTF8.GetString(record.Payload.Span);

    protected Task AppendAsync(params NewRecord[] records) => Log.Writer.AppendAsync(records, default).AsTask();

    protected async Task<List<LogRecord>> ReadAllAsync()
    {
        List<LogRecord> all = [];
        for (int i = 0; i < EventLogFixture.PartitionCount; i++)
        {
            all.AddRange(await ReadAllAsync(new PartitionId(i)));
        }

        return all;
    }

    protected async Task<List<LogRecord>> ReadAllAsync(PartitionId partition)
    {
        LogRange range = await Log.Reader.GetRangeAsync(partition, default);
        List<LogRecord> all = [];
        for (LogPosition next = range.Earliest; next < range.End; )
        {
            LogBatch batch = await Log.Reader.ReadAsync(partition, next, 1_000, Soon, default);
            all.AddRange(batch.Records);
            next = batch.Next;
        }

        return all;
    }

    // Under a clock that a test moves by hand, a read would wait for ever instead of running out of time: either will
    // do.
    private async Task<LogBatch> ReadWhenThereAsync(PartitionId partition)
    {
        LogBatch batch;
        do
        {
            batch = await Log.Reader.ReadAsync(partition, default, 1, Soon, default);
        } while (batch.Records.Count == 0);

        return batch;
    }
}
