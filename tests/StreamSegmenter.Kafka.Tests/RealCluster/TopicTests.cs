using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Kafka.Topics;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.RealCluster;

/// <summary>Topics that are made, compared, cut, made anew and widened, as operators do.</summary>
public sealed class TopicTests
{
    [Fact]
    public async Task A_topic_is_created_once_and_compared_with_the_plan()
    {
        KafkaBroker broker = await SharedBroker.Get();
        var topics = new KafkaTopics(TestClients.Of(broker));
        TopicPlan plan = new()
        {
            Topic = $"planned-{Guid.NewGuid():n}",
            Partitions = 3,
            Replication = 1,
            Retention = TimeSpan.FromDays(30),
        };

        (await topics.CreateAsync(plan, default)).ShouldBeTrue();
        using Administration administration = new(broker);
        await Eventually.HoldsAsync(() => administration.Shows(plan.Topic), () => "the topic does not appear");
        (await topics.CreateAsync(plan with { Partitions = 5 }, default)).ShouldBeFalse();
        (await topics.CountPartitionsAsync(plan.Topic, default)).ShouldBe(3);
        (await topics.CompareAsync(plan, default)).ShouldBeEmpty();

        IReadOnlyList<string> differences = await topics.CompareAsync(
            plan with
            {
                Partitions = 5,
                Retention = null,
            },
            default
        );
        differences.Count.ShouldBe(2);
        differences[0].ShouldContain("3 partitions instead of 5");
        differences[1].ShouldContain("retention.ms is 2592000000 instead of -1");
    }

    [Fact]
    public async Task A_position_that_was_deleted_is_refused()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        using Administration administration = new(broker);
        using KafkaEventLog log = await TestClients.OpenAsync(broker, TestClients.Options(broker, topic));
        await AppendAsync(log, 50);

        await administration.DeleteBeforeAsync(topic, 0, 10);

        await Should.ThrowAsync<LogPositionOutOfRangeException>(async () => await ReadAsync(log, 5));
        (await log.GetRangeAsync(new(0), default)).ShouldBe(new(new(10), new(50)));
        (await ReadAsync(log, 10)).Records.ShouldHaveSingleItem().Position.ShouldBe(new LogPosition(10));
    }

    [Fact]
    public async Task A_topic_made_anew_behind_a_reader_s_back_stops_it()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        using Administration administration = new(broker);
        using KafkaEventLog log = await TestClients.OpenAsync(broker, TestClients.Options(broker, topic));
        await AppendAsync(log, 20);
        long next = 0;
        while (next < 20)
        {
            next = (await ReadAsync(log, next)).Next.Value;
        }

        await administration.DeleteAsync(topic);
        await Eventually.HoldsAsync(() => !administration.Shows(topic), () => "it is there still");
        await administration.CreateAsync(topic, 1);
        await Eventually.HoldsAsync(() => administration.Shows(topic), () => "it does not appear");
        using KafkaEventLog writer = await TestClients.OpenAsync(broker, TestClients.Options(broker, topic));
        await AppendAsync(writer, 5);

        LogPositionOutOfRangeException refusal = await RefusalAsync(log, next);
        refusal.Message.ShouldContain("20");
    }

    [Fact]
    public async Task Added_partitions_end_the_nodes_that_run()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        using Administration administration = new(broker);
        await using Member member = await Member.JoinAsync(broker, topic);
        await Eventually.HoldsAsync(() => member.Host.Owned.Length == 1, () => "it has no shard");

        await administration.WidenAsync(topic, 2);

        KafkaSetupException end = await Should.ThrowAsync<KafkaSetupException>(
            member.Running.WaitAsync(TimeSpan.FromMinutes(1))
        );
        end.Message.ShouldContain("more than the 1 partitions");
        member.Host.Owned.ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_as_large_as_the_topic_takes_are_taken_together_and_alone()
    {
        KafkaBroker broker = await SharedBroker.Get();
        TopicPlan plan = new()
        {
            Topic = $"large-{Guid.NewGuid():n}",
            Partitions = 1,
            Replication = 1,
            MaxRecordBytes = 100_000,
        };
        await new KafkaTopics(TestClients.Of(broker)).CreateAsync(plan, default);
        using Administration administration = new(broker);
        await Eventually.HoldsAsync(() => administration.Shows(plan.Topic), () => "it does not appear");
        using KafkaEventLog log = await TestClients.OpenAsync(
            broker,
            TestClients.Options(broker, plan.Topic) with
            {
                MaxRecordBytes = plan.MaxRecordBytes,
            }
        );
        byte[][] noise = [.. Enumerable.Range(0, 20).Select(_ => RandomNumberGenerator.GetBytes(99_871))];

        await log.AppendAsync([.. noise.Select(bytes => new NewRecord(new("u"), bytes))], default);
        await log.AppendAsync([new(new("u"), noise[0])], default);

        (await log.GetRangeAsync(new(0), default)).End.ShouldBe(new LogPosition(21));
    }

    private static async Task<(KafkaBroker Broker, string Topic)> TopicAsync()
    {
        KafkaBroker broker = await SharedBroker.Get();
        return (broker, await broker.CreateTopicAsync("operated", 1));
    }

    private static async Task AppendAsync(KafkaEventLog log, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await log.AppendAsync([new(new("u"), Encoding.UTF8.GetBytes($"{i}"))], default);
        }
    }

    private static ValueTask<LogBatch> ReadAsync(KafkaEventLog log, long from) =>
        log.ReadAsync(new(0), new(from), 1, TimeSpan.FromSeconds(1), default);

    private static async Task<LogPositionOutOfRangeException> RefusalAsync(KafkaEventLog log, long from)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromMinutes(1))
        {
            try
            {
                LogBatch batch = await ReadAsync(log, from);
                batch.Records.ShouldBeEmpty();
            }
            catch (LogPositionOutOfRangeException e)
            {
                return e;
            }
            catch (KafkaUnavailableException)
            {
                // While the topic is gone.
            }
        }

        throw new TimeoutException($"Reading from {from} is not refused.");
    }
}
