using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Persistence.Sql.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

public sealed class StateCrashTests : IDisposable
{
    private const int Kills = 12;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Killed_at_any_instant_the_store_has_every_acknowledged_commit_and_no_half_one()
    {
        Random random = new(21);
        Acknowledged acknowledged = new();
        for (int kill = 0; kill < Kills; kill++)
        {
            List<string> printed = await DoomedProcess.RunAsync(
                random.Next(1, 200),
                StateCrashWriter.Command,
                _directory.Path
            );

            printed.ForEach(acknowledged.Add);
            await VerifyAsync(acknowledged);
        }
    }

    private async Task VerifyAsync(Acknowledged acknowledged)
    {
        await using SqliteStateStore store = await SqliteStateStore.OpenAsync(
            new() { Directory = _directory.Path },
            TimeProvider.System
        );
        await acknowledged.VerifyAsync(store);
    }
}
