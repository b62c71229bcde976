using StreamSegmenter.Conformance.Servers;
using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Persistence.Sql.Tests.Postgres;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

public sealed class PostgresCrashTests
{
    private const int Kills = 4;

    [Fact]
    public async Task While_its_server_is_killed_and_comes_back_the_store_goes_on_and_loses_nothing()
    {
        Random random = new(22);
        await using PostgresServer server = await PostgresServer.StartAsync();
        PostgresStateStoreOptions options = new PostgresSchemaOfTest(server).Options with
        {
            RetryFor = TimeSpan.FromMinutes(1),
        };
        await using PostgresStateStore store = await PostgresStateStore.OpenAsync(options, TimeProvider.System);
        Acknowledged acknowledged = new();
        using CancellationTokenSource stop = new();
        Task writing = StateCrashWriter.CommitAsync(store, Acknowledge, stop.Token);
        for (int kill = 0; kill < Kills; kill++)
        {
            int enough = acknowledged.Count + random.Next(20, 200);
            while (acknowledged.Count < enough && !writing.IsCompleted)
            {
                await Task.Delay(1);
            }

            await server.KillAsync();
            await server.RunAsync();
        }

        await stop.CancelAsync();
        await writing;
        await acknowledged.VerifyAsync(store);

        Task Acknowledge(string line)
        {
            acknowledged.Add(line);
            return Task.CompletedTask;
        }
    }
}
