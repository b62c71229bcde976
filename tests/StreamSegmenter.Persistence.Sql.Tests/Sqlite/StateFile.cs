using Microsoft.Data.Sqlite;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Conformance.Time;
using StreamSegmenter.Persistence.Sql.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Tests.Sqlite;

/// <summary>A store that a test opens, closes and looks into.</summary>
internal sealed class StateFile : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteStateStore? _store;

    public FakeTimeProvider Time { get; } = new();

    public SqliteStateStore Store => _store ?? throw new InvalidOperationException("Not open.");

    public string Directory => _directory.Path;

    public string Path => _directory.File(SqliteStateStore.FileName);

    public async Task<SqliteStateStore> OpenAsync(TimeSpan longestCooldown = default, TimeProvider? time = null) =>
        _store = await SqliteStateStore.OpenAsync(
            new() { Directory = Directory, LongestCooldown = longestCooldown },
            time ?? Time
        );

    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
            _store = null;
        }
    }

    /// <summary>A connection of somebody else, as an operator's shell would open it.</summary>
    public SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    public object? Run(string sql)
    {
        using SqliteConnection connection = Connect();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _directory.Dispose();
    }
}
