using StreamSegmenter.Persistence.Sql.Postgres;
using StreamSegmenter.Persistence.Sql.Tests.Retention;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Tests.Postgres;

/// <summary>Two nodes sweep at the same time.</summary>
public sealed class PostgresRetentionTests : RetentionSuite
{
    private readonly List<PostgresStateStore> _nodes = [];
    private PostgresSchemaOfTest _schema = null!;

    public override async Task InitializeAsync() => _schema = await PostgresSchemaOfTest.CreateAsync();

    public override async Task DisposeAsync()
    {
        foreach (PostgresStateStore node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    protected override async Task<IStateStore> OpenAsync(TimeSpan longestCooldown = default)
    {
        PostgresStateStoreOptions options = _schema.Options with { LongestCooldown = longestCooldown };
        _nodes.Add(await PostgresStateStore.OpenAsync(options, Time));
        _nodes.Add(await PostgresStateStore.OpenAsync(options, Time));
        return _nodes[0];
    }

    protected override async Task<IReadOnlyList<string>> ReadContentsAsync() =>
        (
            (string?)
                await _schema.RunAsync(
                    "SELECT string_agg(coalesce(convert_from(content, 'UTF8'), '-'), ' ' ORDER BY id) FROM outbox"
                )
        )!.Split(' ');
}
