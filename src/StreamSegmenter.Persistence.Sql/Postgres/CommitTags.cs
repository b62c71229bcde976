using System.Collections.Concurrent;

namespace StreamSegmenter.Persistence.Sql.Postgres;

/// <summary>Tells one commit from every other one, of this and of any other node.</summary>
/// <param name="Opening">Given by the database each time a node opens the store.</param>
/// <param name="Number">Counts what is committed since then.</param>
internal readonly record struct CommitTag(long Opening, long Number);

/// <summary>
/// Numbers the commits of one opening of the store, and lets those of one kind and shard go one after the other: the
/// shard's row remembers the last one alone. Thread-safe.
/// </summary>
internal sealed class CommitTags(long opening)
{
    private readonly ConcurrentDictionary<object, SemaphoreSlim> _turns = new();
    private long _last;

    /// <summary>A tag for something whose row nobody else looks for.</summary>
    public CommitTag Next() => new(opening, Interlocked.Increment(ref _last));

    /// <summary>Runs a commit when its turn has come.</summary>
    /// <param name="kind">What its row remembers the last one of.</param>
    public async ValueTask<T> InTurnAsync<TKind, T>(
        TKind kind,
        Func<CommitTag, ValueTask<T>> commit,
        CancellationToken cancellationToken
    )
        where TKind : struct
    {
        SemaphoreSlim turn = _turns.GetOrAdd(kind, static _ => new(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await commit(Next());
        }
        finally
        {
            turn.Release();
        }
    }
}
