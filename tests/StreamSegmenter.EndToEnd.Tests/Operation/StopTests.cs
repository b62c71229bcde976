using System.Net;
using System.Net.Sockets;
using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.EndToEnd.Tests.Operation;

/// <summary>SIGTERM: what is in hand is finished, nothing is left for the next start to repeat.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class StopTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);
    private static readonly ConnectorName Crm = new("crm");

    [Fact]
    public async Task Nothing_is_left_to_replay_and_every_push_is_recorded()
    {
        const int Customers = 300;
        await using OperatedNode operated = await OperatedNode.CreateAsync();
        await using (SegmenterProcess node = await operated.StartAsync())
        {
            await operated.SendAsync(Names(Customers));
            (await node.TerminateAsync(StopLimit)).ShouldBe(0, node.Errors);
        }

        int delivered = operated.Receiver.Taken.Count;
        await using (SqliteStateStore store = await operated.Directory.OpenStoreAsync())
        {
            OutboxCounts counts = (await store.Outbox.CountAsync(CancellationToken.None))[Crm];
            counts.ShouldBe(new(Customers - delivered, delivered, 0), "what the receiver took is recorded");
            ILookup<int, LogRecord> partitions = (await operated.Directory.ReadLogAsync()).ToLookup(Partition);
            for (int i = 0; i < NodeDirectory.Partitions; i++)
            {
                ShardStart start = await store.Ownership.AcquireAsync(
                    new(i),
                    NodeDirectory.Partitions,
                    "test",
                    CancellationToken.None
                );
                start.CheckpointPosition.ShouldBe(new(partitions[i].Count()), "the checkpoint covers the whole log");
                start.Ticks.ShouldBeEmpty();
            }
        }

        await using (SegmenterProcess node = await operated.StartAsync())
        {
            await Eventually.HoldsAsync(
                () => Task.FromResult(operated.Receiver.Taken.Count == Customers),
                StopLimit,
                () => $"{operated.Receiver.Taken.Count} of {Customers} pushes arrived"
            );
            (await node.TerminateAsync(StopLimit)).ShouldBe(0, node.Errors);
        }

        operated.Receiver.Repeats.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_in_flight_is_still_answered()
    {
        await using OperatedNode operated = await OperatedNode.CreateAsync();
        await using SegmenterProcess node = await operated.StartAsync();
        using SlowBody body = new($$"""{"batch":[{{OperatedNode.Event("late")}}]}""");
        Task<HttpResponseMessage> request = operated.PostAsync(body);
        await body.Begun;

        Task<int> ended = node.TerminateAsync(StopLimit);
        await Eventually.HoldsAsync(
            async () => !await ListensAsync(operated.Directory.Address),
            StopLimit,
            () => "it still listens"
        );
        body.End();

        using HttpResponseMessage answer = await request;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ended).ShouldBe(0, node.Errors);
        (await operated.Directory.ReadLogAsync()).ShouldHaveSingleItem().Customer.Value.ShouldBe("late");
    }

    [Fact]
    public async Task A_client_that_never_finishes_its_request_does_not_keep_it_alive()
    {
        await using OperatedNode operated = await OperatedNode.CreateAsync();
        await using SegmenterProcess node = await operated.StartAsync();
        using SlowBody body = new($$"""{"batch":[{{OperatedNode.Event("late")}}]}""");
        Task<HttpResponseMessage> request = operated.PostAsync(body);
        await body.Begun;

        (await node.TerminateAsync(StopLimit)).ShouldBe(0, node.Errors);

        body.End();
        await Should.ThrowAsync<HttpRequestException>(request);
        (await operated.Directory.ReadLogAsync()).ShouldBeEmpty();
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"customer-{i}");

    private static int Partition(LogRecord record) =>
        Murmur2.PartitionOf(record.Customer, NodeDirectory.Partitions).Value;

    private static async Task<bool> ListensAsync(Uri address)
    {
        try
        {
            using TcpClient probe = new();
            await probe.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
