using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Topics;

/// <summary>What <c>segctl topics create</c> says before it has asked a cluster, and when there is none.</summary>
public sealed class TopicsTests : IDisposable
{
    private readonly Workplace _workplace = new();

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task Without_brokers_it_asks_for_them()
    {
        var answer = await CreateAsync("", "--partitions", "12");

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldBe("kafka.bootstrap-servers has no value: write e.g. \"kafka-1:9092,kafka-2:9092\"\n");
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_named()
    {
        var answer = await CreateAsync(
            "kafka { bootstrap-servers = \"127.0.0.1:1\", request-timeout = 200ms }",
            "--partitions",
            "12"
        );

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBe("");
        answer.Error.ShouldContain("customer-events");
    }

    [Theory]
    [InlineData("2 of 1 replicas in sync", "--partitions", "3", "--replication", "1", "--min-in-sync", "2")]
    [InlineData("0 of 3 replicas in sync", "--partitions", "3", "--min-in-sync", "0")]
    [InlineData("0 partitions", "--partitions", "0")]
    public async Task A_topic_that_could_not_be_written_to_is_not_made(string expected, params string[] arguments)
    {
        var answer = await CreateAsync("kafka.bootstrap-servers = \"127.0.0.1:1\"", arguments);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldStartWith(expected);
    }

    [Theory]
    [InlineData("Option '--partitions' is required.")]
    [InlineData("--retention soon: write a duration such as 400d", "--partitions", "3", "--retention", "soon")]
    public async Task Wrong_arguments_are_refused(string expected, params string[] arguments)
    {
        var answer = await CreateAsync("", arguments);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldContain(expected);
    }

    private Task<SegctlAnswer> CreateAsync(string configuration, params string[] arguments)
    {
        var file = _workplace.Write("demo.conf", configuration);
        return SegctlRun.InProcessAsync(default, ["topics", "create", "--config", file, .. arguments]);
    }
}
