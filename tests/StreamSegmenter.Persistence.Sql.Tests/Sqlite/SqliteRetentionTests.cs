using System.Text;
using Microsoft.Data.Sqlite;
using StreamSegmenter.Persistence.Sql.Tests.Retention;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Sqlite;

public sealed class SqliteRetentionTests : RetentionSuite
{
    private readonly StateFile _state = new();

    public override async Task DisposeAsync() => await _state.DisposeAsync();

    protected override async Task<IStateStore> OpenAsync(TimeSpan longestCooldown = default) =>
        await _state.OpenAsync(longestCooldown, Time);

    protected override Task<IReadOnlyList<string>> ReadContentsAsync()
    {
        List<string> contents = [];
        using SqliteConnection connection = _state.Connect();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT content FROM outbox ORDER BY id";
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            contents.Add(row.IsDBNull(0) ? "-" : Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(0)));
        }

        return Task.FromResult<IReadOnlyList<string>>(contents);
    }
}
