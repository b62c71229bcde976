using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Sqlite;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

/// <summary>What a transaction changes in the outbox's counts, written once at its end.</summary>
internal sealed class OutboxCounters
{
    private const string MoveCount = """
        INSERT INTO outbox_count (connector, state, pushes) VALUES (?1, ?2, ?3)
        ON CONFLICT (connector, state) DO UPDATE SET pushes = pushes + excluded.pushes
        """;

    private readonly Dictionary<(string Connector, PushState State), long> _changes = [];

    public void Add(string connector, PushState state, long change) =>
        _changes[(connector, state)] = _changes.GetValueOrDefault((connector, state)) + change;

    public void Write(PreparedConnection connection)
    {
        foreach (((string connector, PushState state), long change) in _changes)
        {
            if (change != 0)
            {
                connection.Statement(MoveCount).Execute(connector, (int)state, change);
            }
        }
    }
}
