using Confluent.Kafka;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Tests.Support;

namespace StreamSegmenter.Kafka.Tests.Shards;

public sealed class KafkaShardAssignmentTests
{
    private const int Partitions = 8;
    private static readonly int[] s_all = [.. Enumerable.Range(0, Partitions)];

    [Fact]
    public async Task One_node_has_all_shards_and_gives_them_back_at_its_end()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        await using Member member = await Member.JoinAsync(broker, topic);
        await ShareAsync(member);

        await member.LeaveAsync();

        member.Host.Owned.ShouldBeEmpty();
        member.Host.Calls.ShouldBe(["take 0 1 2 3 4 5 6 7", "release 0 1 2 3 4 5 6 7"]);
    }

    [Fact]
    public async Task Nodes_that_come_and_go_share_all_shards_and_keep_what_they_can()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        await using Member first = await Member.JoinAsync(broker, topic);
        await ShareAsync(first);
        await using Member second = await Member.JoinAsync(broker, topic);
        await ShareAsync(first, second);
        await using Member third = await Member.JoinAsync(broker, topic);
        await ShareAsync(first, second, third);

        // Cooperative: the first gave up what others took, and nothing else.
        first.Host.Calls.Count(call => call.StartsWith("take", StringComparison.Ordinal)).ShouldBe(1);

        await second.LeaveAsync();
        await ShareAsync(first, third);
        await third.LeaveAsync();
        await ShareAsync(first);
    }

    [Fact]
    public async Task A_shard_that_does_not_stop_is_handed_over_all_the_same()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        await using Member slow = await Member.JoinAsync(broker, topic);
        await ShareAsync(slow);
        TaskCompletionSource never = new();
        slow.Host.MayRelease = never.Task;

        await using Member other = await Member.JoinAsync(broker, topic);

        await ShareAsync(slow, other);
        never.SetResult();
    }

    [Fact]
    public async Task A_node_that_is_cut_off_loses_its_shards_and_gets_some_again()
    {
        // Heartbeats answered with 'unknown member' say that the group has gone on without it.
        await using KafkaBroker own = await KafkaBroker.StartMockAsync();
        string lonely = await own.CreateTopicAsync("lonely", Partitions);
        await using Member cut = await Member.JoinAsync(own, lonely);
        await ShareAsync(cut);
        await own.TellAsync("errors 12 25");
        await Eventually.HoldsAsync(() => cut.Host.Calls.Length >= 3, () => string.Join("; ", cut.Host.Calls));
        await ShareAsync(cut);
        cut.Host.Calls[1].ShouldBe("release 0 1 2 3 4 5 6 7");
        cut.Host.Calls[2].ShouldBe("take 0 1 2 3 4 5 6 7");
    }

    [Fact]
    public async Task Positions_are_mirrored_to_the_group()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        await using Member member = await Member.JoinAsync(broker, topic);
        await ShareAsync(member);
        member.Host.Position = 42;

        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["bootstrap.servers"] = broker.BootstrapServers,
            ["group.id"] = topic,
        };
        using IConsumer<Ignore, Ignore> tool = new ConsumerBuilder<Ignore, Ignore>(settings).Build();
        TopicPartition[] places = [.. s_all.Select(partition => new TopicPartition(topic, partition))];
        string Seen() => string.Join(' ', tool.Committed(places, TimeSpan.FromSeconds(10)).Select(p => p.Offset.Value));
        await Eventually.HoldsAsync(() => Seen() == "42 42 42 42 42 42 42 42", Seen);
        tool.Close();
    }

    [Fact]
    public async Task A_node_whose_name_another_has_taken_ends()
    {
        await using KafkaBroker own = await KafkaBroker.StartMockAsync();
        string topic = await own.CreateTopicAsync("named", Partitions);
        await using Member member = await Member.JoinAsync(own, topic, Member.Quick with { InstanceId = "a" });
        await ShareAsync(member);

        // What brokers answer to the former of two members with one name.
        await own.TellAsync("errors 12 82");

        await Should.ThrowAsync<KafkaSetupException>(member.Running.WaitAsync(TimeSpan.FromSeconds(30)));
        member.Host.Owned.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_group_that_brokers_do_not_let_us_into_ends_the_node()
    {
        await using KafkaBroker own = await KafkaBroker.StartMockAsync();
        string topic = await own.CreateTopicAsync("forbidden", Partitions);
        await own.TellAsync("errors 11 30 30 30 30");

        await using Member member = await Member.JoinAsync(own, topic);

        KafkaSetupException end = await Should.ThrowAsync<KafkaSetupException>(
            member.Running.WaitAsync(TimeSpan.FromSeconds(30))
        );
        end.Message.ShouldContain(topic);
        end.Message.ShouldContain("GroupAuthorizationFailed");
    }

    [Fact]
    public async Task A_session_that_brokers_do_not_allow_ends_the_node_that_asks_for_it()
    {
        await using KafkaBroker own = await KafkaBroker.StartMockAsync();
        string topic = await own.CreateTopicAsync("session", Partitions);
        await own.TellAsync("errors 11 26 26 26 26");

        await using Member member = await Member.JoinAsync(own, topic);

        KafkaSetupException end = await Should.ThrowAsync<KafkaSetupException>(
            member.Running.WaitAsync(TimeSpan.FromSeconds(30))
        );
        end.Message.ShouldContain("session-timeout");
    }

    private static async Task<(KafkaBroker Broker, string Topic)> TopicAsync()
    {
        KafkaBroker broker = await SharedBroker.Get();
        return (broker, await broker.CreateTopicAsync("shards", Partitions));
    }

    private static Task ShareAsync(params Member[] members) =>
        Eventually.HoldsAsync(
            () =>
                members.SelectMany(member => member.Host.Owned).Order().SequenceEqual(s_all)
                && members.All(member => member.Host.Owned.Length >= Partitions / members.Length),
            () => string.Join(" | ", members.Select(member => string.Join("; ", member.Host.Calls)))
        );
}
