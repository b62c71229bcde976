using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Client;
using StreamSegmenter.Kafka.Tests.Support;

namespace StreamSegmenter.Kafka.Tests.RealCluster;

/// <summary>What brokers have to know of members: names that outlive them, and how long they may be silent.</summary>
public sealed class MembershipTests
{
    private const int Partitions = 6;

    [Fact]
    public async Task A_named_node_that_is_back_soon_has_its_shards_again_and_moves_no_other()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        await using Member other = await Member.JoinAsync(broker, topic, Named("other"));
        await using Member first = await Member.JoinAsync(broker, topic, Named("first"));
        await ShareAsync(other, first);
        int[] owned = first.Host.Owned;
        string[] calls = other.Host.Calls;

        await first.LeaveAsync();
        await using Member again = await Member.JoinAsync(broker, topic, Named("first"));
        await ShareAsync(other, again);

        again.Host.Owned.ShouldBe(owned);
        other.Host.Calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Of_two_nodes_with_one_name_the_former_ends()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        await using Member former = await Member.JoinAsync(broker, topic, Named("one"));
        await ShareAsync(former);

        await using Member latter = await Member.JoinAsync(broker, topic, Named("one"));

        KafkaSetupException end = await Should.ThrowAsync<KafkaSetupException>(
            former.Running.WaitAsync(TimeSpan.FromSeconds(30))
        );
        end.Message.ShouldContain("instance-id");
        former.Host.Owned.ShouldBeEmpty();
        await ShareAsync(latter);
    }

    [Fact]
    public async Task A_session_that_the_brokers_do_not_allow_is_said_to_be()
    {
        (KafkaBroker broker, string topic) = await TopicAsync();
        await using Member member = await Member.JoinAsync(
            broker,
            topic,
            Member.Quick with
            {
                SessionTimeout = TimeSpan.FromSeconds(1),
            }
        );

        KafkaSetupException end = await Should.ThrowAsync<KafkaSetupException>(
            member.Running.WaitAsync(TimeSpan.FromSeconds(30))
        );
        end.Message.ShouldContain("session-timeout");
    }

    private static Kafka.Shards.KafkaGroupOptions Named(string name) => Member.Quick with { InstanceId = name };

    private static async Task<(KafkaBroker Broker, string Topic)> TopicAsync()
    {
        KafkaBroker broker = await SharedBroker.Get();
        return (broker, await broker.CreateTopicAsync("members", Partitions));
    }

    private static Task ShareAsync(params Member[] members) =>
        Eventually.HoldsAsync(
            () =>
                members.SelectMany(member => member.Host.Owned).Order().SequenceEqual(Enumerable.Range(0, Partitions))
                && members.All(member => member.Host.Owned.Length == Partitions / members.Length),
            () => string.Join(" | ", members.Select(member => string.Join("; ", member.Host.Calls)))
        );
}
