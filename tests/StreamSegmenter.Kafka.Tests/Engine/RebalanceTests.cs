using System.Text;
using StreamSegmenter.Kafka.Broker;
using StreamSegmenter.Kafka.Log;
using StreamSegmenter.Kafka.Tests.Support;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;

namespace StreamSegmenter.Kafka.Tests.Engine;

/// <summary>
/// Nodes that come and go under load: every event counts once. Events bear no ids that could hide a second.
/// </summary>
public sealed class RebalanceTests : IAsyncLifetime
{
    private const int Partitions = 6;
    private const int Customers = 120;
    private const int Rounds = 30;

    private static readonly (string, string)[] s_segments =
    [
        ("all", $"count(\"visit\", ever) >= {Rounds}"),
        ("more", $"count(\"visit\", ever) > {Rounds}"),
    ];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("segmenter-kafka");
    private SqliteStateStore _store = null!;
    private KafkaBroker _broker = null!;
    private KafkaLogOptions _options = null!;
    private KafkaEventLog _writer = null!;

    public async Task InitializeAsync()
    {
        _broker = await SharedBroker.Get();
        string topic = await _broker.CreateTopicAsync("rebalance", Partitions);
        _options = TestClients.Options(_broker, topic);
        _writer = await TestClients.OpenAsync(_broker, _options);
        _store = await SqliteStateStore.OpenAsync(new() { Directory = _directory.FullName }, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        _writer.Dispose();
        await _store.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_event_counts_once_while_nodes_come_and_go()
    {
        EngineNode first = await StartAsync();
        await WriteAsync(0, 6);
        EngineNode second = await StartAsync();
        await WriteAsync(6, 12);
        await OwnAsync(first, second);
        await WriteAsync(12, 15);
        EngineNode third = await StartAsync();
        await WriteAsync(15, 20);
        await first.DisposeAsync();
        await WriteAsync(20, 25);
        await OwnAsync(second, third);
        await second.DisposeAsync();
        await WriteAsync(25, Rounds);

        await Eventually.HoldsAsync(
            () => Entered("all") == Customers,
            () => $"{Entered("all")} of {Customers} entered"
        );
        await third.DisposeAsync();
        Entered("more").ShouldBe(0);
        third.Failure.IsFaulted.ShouldBeFalse();
        List<Transition> history = await HistoryAsync();
        history.Count.ShouldBe(Customers);
    }

    private Task<EngineNode> StartAsync() => EngineNode.StartAsync(_broker, _options, _store, s_segments);

    private async Task WriteAsync(int from, int to)
    {
        for (int round = from; round < to; round++)
        {
            await _writer.AppendAsync(
                [
                    .. Enumerable
                        .Range(0, Customers)
                        .Select(i => new NewRecord(
                            new($"u{i}"),
                            Encoding.UTF8.GetBytes($$"""{"type":"track","event":"visit","userId":"u{{i}}"}""")
                        )),
                ],
                default
            );
            await Task.Delay(20);
        }
    }

    private static Task OwnAsync(params EngineNode[] nodes) =>
        Eventually.HoldsAsync(
            () => nodes.All(node => node.Shards > 0) && nodes.Sum(node => node.Shards) == Partitions,
            () => string.Join(", ", nodes.Select(node => node.Shards))
        );

    private long Entered(string segment) =>
        _store
            .Memberships.CountMembersAsync(default)
            .AsTask()
            .GetAwaiter()
            .GetResult()
            .GetValueOrDefault(new SegmentName(segment));

    private async Task<List<Transition>> HistoryAsync()
    {
        List<Transition> history = [];
        await foreach (Transition transition in _store.Memberships.ReadTransitionsAsync(default))
        {
            history.Add(transition);
        }

        return history;
    }
}
