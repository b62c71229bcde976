using System.Globalization;
using System.Text;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Log;

/// <summary>Brokers that fail, on mock brokers of this test's own.</summary>
public sealed class BrokerTroubleTests : IAsyncLifetime
{
    private const int Partitions = 3;

    // Clients that fail to connect wait ever longer before they try again.
    private static readonly TimeSpan LongOutage = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4);

    private KafkaBroker _broker = null!;
    private string _topic = null!;
    private KafkaEventLog _log = null!;

    public async Task InitializeAsync()
    {
        _broker = await KafkaBroker.StartMockAsync(3);
        _topic = await _broker.CreateTopicAsync("trouble", Partitions, 3);
        _log = await TestClients.OpenAsync(_broker, TestClients.Options(_broker, _topic));
    }

    public async Task DisposeAsync()
    {
        _log.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task What_was_appended_under_trouble_is_there_once_and_in_order()
    {
        const int count = 400;
        Task writing = Task.Run(() => WriteAsync(count));
        string[] troubles =
        [
            // Produce and fetch: not the leader, timed out, and a broken connection (-195).
            "errors 0 6 7 -195",
            "errors 1 6 -195",
            $"leader {_topic} 0 2",
            $"leader {_topic} 1 3",
            "down 1",
            "up 1",
            "errors 0 19 20",
            $"leader {_topic} 2 1",
            "down 2",
            "up 2",
        ];
        foreach (string trouble in troubles)
        {
            await _broker.TellAsync(trouble);
            await Task.Delay(200);
        }

        List<string> read = [];
        for (int partition = 0; partition < Partitions; partition++)
        {
            read.AddRange(await ReadAsync(new(partition), writing));
        }

        await writing;
        foreach (var customer in read.GroupBy(text => text.Split(' ')[0], StringComparer.Ordinal))
        {
            customer.Select(text => int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture)).ShouldBeInOrder();
        }

        read.Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, count).SelectMany(Texts).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_clock_stands_still_while_nobody_can_say_that_the_partition_ends_here()
    {
        Timestamp before = await ClockAsync(after: Timestamp.Beginning);
        await ClockAsync(after: before);

        await _broker.TellAsync("down -1");
        Timestamp last = Timestamp.Beginning;
        for (int i = 0; i < 30; i++)
        {
            LogBatch batch = await _log.ReadAsync(new(0), default, 1, TimeSpan.FromMilliseconds(100), default);
            if (i == 10)
            {
                last = batch.Clock!.Value;
            }
            else if (i > 10)
            {
                batch.Clock.ShouldBe(last);
            }
        }

        await _broker.TellAsync("up -1");
        await ClockAsync(after: last);
    }

    [Fact]
    public async Task Brokers_that_are_back_are_noticed_soon()
    {
        KafkaLogOptions options = TestClients.Options(_broker, _topic) with { AppendTimeout = TimeSpan.FromMinutes(1) };
        using KafkaEventLog log = await TestClients.OpenAsync(_broker, options);
        await log.AppendAsync([new(new("a"), "{}"u8.ToArray())], default);
        await ClockAsync(after: Timestamp.Beginning);

        await _broker.TellAsync("down -1");
        Task appending = log.AppendAsync([new(new("a"), "{}"u8.ToArray())], default).AsTask();
        await Task.Delay(LongOutage);
        var back = Timestamp.From(TimeProvider.System.GetUtcNow());
        await _broker.TellAsync("up -1");

        await appending.WaitAsync(Soon);
        await ClockAsync(after: back).WaitAsync(Soon);
    }

    [Fact]
    public async Task A_position_that_the_log_has_forgotten_is_refused()
    {
        await WriteAsync(50);
        PartitionId partition = Murmur2.PartitionOf(new Segmentation.Customers.CustomerId("a"), Partitions);
        await _broker.TellAsync($"delete-before {_topic} {partition} 10");

        await Should.ThrowAsync<LogPositionOutOfRangeException>(async () =>
            await _log.ReadAsync(partition, new(5), 1, TimeSpan.Zero, default)
        );
        (await _log.GetRangeAsync(partition, default)).Earliest.ShouldBe(new LogPosition(10));
        LogBatch batch = await _log.ReadAsync(partition, new(10), 1, TimeSpan.FromSeconds(10), default);
        batch.Records.ShouldHaveSingleItem().Position.ShouldBe(new LogPosition(10));
    }

    [Fact]
    public async Task A_cluster_that_is_away_is_said_to_be()
    {
        await _broker.TellAsync("down -1");
        KafkaLogOptions options = TestClients.Options(_broker, _topic) with { AppendTimeout = TimeSpan.FromSeconds(1) };
        using KafkaEventLog impatient = await OpenQuicklyAsync(options);

        await Should.ThrowAsync<KafkaUnavailableException>(async () =>
            await impatient.AppendAsync([new(new("u"), "{}"u8.ToArray())], default)
        );
        await Should.ThrowAsync<KafkaUnavailableException>(async () => await impatient.GetRangeAsync(new(0), default));
    }

    [Fact]
    public async Task Producers_times_are_refused_unless_they_are_allowed()
    {
        await WriteAsync(1);
        KafkaLogOptions strict = TestClients.Options(_broker, _topic) with { AllowCreateTime = false };
        using KafkaEventLog log = await TestClients.OpenAsync(_broker, strict);
        PartitionId partition = Murmur2.PartitionOf(new Segmentation.Customers.CustomerId("a"), Partitions);

        KafkaSetupException error = await Should.ThrowAsync<KafkaSetupException>(async () =>
            await log.ReadAsync(partition, default, 1, TimeSpan.FromSeconds(10), default)
        );
        error.Message.ShouldContain("message.timestamp.type=LogAppendTime");
    }

    private static string[] Texts(int i) => [$"a {i:d4}", $"b {i:d4}", $"c {i:d4}", $"d {i:d4}"];

    private async Task<KafkaEventLog> OpenQuicklyAsync(KafkaLogOptions options)
    {
        await _broker.TellAsync("up -1");
        KafkaClients clients = new(
            new() { BootstrapServers = _broker.BootstrapServers, RequestTimeout = TimeSpan.FromSeconds(2) },
            Microsoft.Extensions.Logging.Abstractions.NullLogger<KafkaClients>.Instance
        );
        KafkaEventLog log = await KafkaEventLog.OpenAsync(
            clients,
            options,
            TestClients.Instruments,
            TimeProvider.System,
            default
        );
        await _broker.TellAsync("down -1");
        return log;
    }

    private async Task WriteAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _log.AppendAsync(
                [.. Texts(i).Select(text => new NewRecord(new(text.Split(' ')[0]), Encoding.UTF8.GetBytes(text)))],
                default
            );
        }
    }

    private async Task<List<string>> ReadAsync(PartitionId partition, Task writing)
    {
        List<string> read = [];
        LogPosition next = default;
        bool isWritten = false;
        while (!isWritten || next < (await _log.GetRangeAsync(partition, default)).End)
        {
            isWritten = writing.IsCompleted;
            LogBatch batch = await _log.ReadAsync(partition, next, 100, TimeSpan.FromMilliseconds(50), default);
            read.AddRange(batch.Records.Select(record => Encoding.UTF8.GetString(record.Payload.Span)));
            next = batch.Next;
        }

        return read;
    }

    private async Task<Timestamp> ClockAsync(Timestamp after)
    {
        Timestamp? clock = null;
        for (int i = 0; i < 300 && !(clock > after); i++)
        {
            LogBatch batch = await _log.ReadAsync(new(0), default, 1, TimeSpan.FromMilliseconds(50), default);
            clock = batch.Clock;
        }

        clock.ShouldNotBeNull();
        clock.Value.ShouldBeGreaterThan(after);
        return clock.Value;
    }
}
