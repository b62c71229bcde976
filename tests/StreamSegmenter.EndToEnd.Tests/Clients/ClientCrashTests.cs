using StreamSegmenter.EndToEnd.Tests.Processes;
using StreamSegmenter.Node.Tests.Producers;
using StreamSegmenter.Persistence.Sql.Sqlite;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.EndToEnd.Tests.Clients;

/// <summary>
/// The node is killed after it accepted a batch and before it could say so. The public clients send the batch again,
/// and every event counts once.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class ClientCrashTests
{
    private const int Counted = 50;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);

    [ProducerFact]
    public Task Segments_client_loses_and_doubles_nothing() => LosesAndDoublesNothingAsync("segment.js", 57);

    [ProducerFact]
    public Task RudderStacks_client_loses_and_doubles_nothing() => LosesAndDoublesNothingAsync("rudder.js", 56);

    // The scripts send 50 events named Counted, five for each of ten customers.
    private static async Task LosesAndDoublesNothingAsync(string script, int sent)
    {
        using NodeDirectory directory = new(
            """
            segments.all-five { rule = "count(Counted) = 5 and distinct(Counted.i) = 5" }
            segments.too-many { rule = "count(Counted) > 5" }
            """
        );
        SegmenterProcess node = directory.Run();
        try
        {
            await node.MustBecomeReadyAsync(directory.Address);
            await using AnswerLosingGateway gateway = await AnswerLosingGateway.StartAsync(
                directory.Address,
                async () =>
                {
                    await node.KillAsync();
                    node = directory.Run();
                    await node.MustBecomeReadyAsync(directory.Address);
                }
            );
            var printed = await ProducerClients.RunAsync(script, gateway.Address, Counted);

            printed[^1].GetProperty("sent").GetInt32().ShouldBe(sent);
            printed.Count(line => line.TryGetProperty("failed", out _)).ShouldBe(0);
            gateway.HasLostAnswer.ShouldBeTrue();
            (await node.TerminateAsync(StopLimit)).ShouldBe(0, node.Errors);
        }
        finally
        {
            await node.DisposeAsync();
        }

        (await directory.ReadLogAsync()).Count.ShouldBeGreaterThan(sent, "a batch came twice");
        await using SqliteStateStore store = await directory.OpenStoreAsync();
        List<Transition> transitions = await store
            .Memberships.ReadTransitionsAsync(CancellationToken.None)
            .ToListAsync();
        transitions
            .Select(t => $"{t.Customer} {t.Kind} {t.Segment} {t.Number}")
            .ShouldBe(Enumerable.Range(0, 10).Select(i => $"u{i} Entered all-five 1"), ignoreOrder: true);
    }
}
