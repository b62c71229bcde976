using System.Diagnostics.CodeAnalysis;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Pushes.Relay;

/// <summary>How far a shard's outbox has been read.</summary>
internal sealed class ShardCursor(ShardId shard)
{
    public ShardId Shard => shard;

    /// <summary>The highest sequence read.</summary>
    public long After { get; set; } = -1;

    /// <summary>When to read the whole outbox of the shard again, for what was forgotten of it.</summary>
    public Timestamp RereadAt { get; set; } = Timestamp.Never;

    /// <summary>There may be pushes behind <see cref="After"/>.</summary>
    public bool Unread { get; set; }

    /// <summary>Pushes being attempted, or with an outcome not recorded yet.</summary>
    public int Taken { get; set; }

    /// <summary>Who waits for the shard to be let go; null while it stays.</summary>
    public List<TaskCompletionSource>? Leaving { get; set; }

    /// <summary>The shard was given back while it was still leaving.</summary>
    public bool Returns { get; set; }
}

/// <summary>
/// The relay's shards. Unread ones take turns, so that a long backlog does not hide the others'. Not thread-safe.
/// </summary>
internal sealed class ShardCursors
{
    private readonly Dictionary<ShardId, ShardCursor> _cursors = [];
    private readonly Queue<ShardCursor> _unread = new();

    public ShardCursor this[ShardId shard] => _cursors[shard];

    public bool AnyUnread => _unread.Count > 0;

    public void MarkUnread(ShardId shard)
    {
        if (_cursors.TryGetValue(shard, out ShardCursor? cursor) && cursor is { Unread: false, Leaving: null })
        {
            cursor.Unread = true;
            _unread.Enqueue(cursor);
        }
    }

    /// <summary>The cursor to read next; mark it again when it has more.</summary>
    public bool TryTakeUnread([NotNullWhen(true)] out ShardCursor? cursor)
    {
        while (_unread.TryDequeue(out cursor))
        {
            cursor.Unread = false;
            if (cursor.Leaving is null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>When the first shard has to be read again.</summary>
    public Timestamp NextReread { get; private set; } = Timestamp.Never;

    /// <summary>The shard's outbox has to be read again by then.</summary>
    public void RereadBy(ShardId shard, Timestamp due)
    {
        if (_cursors.TryGetValue(shard, out ShardCursor? cursor))
        {
            cursor.RereadAt = Timestamp.Min(cursor.RereadAt, due);
            NextReread = Timestamp.Min(NextReread, due);
        }
    }

    /// <summary>Starts to read those again whose time has come.</summary>
    public void Wake(Timestamp now)
    {
        if (now < NextReread)
        {
            return;
        }

        NextReread = Timestamp.Never;
        foreach (ShardCursor cursor in _cursors.Values)
        {
            if (cursor.RereadAt <= now)
            {
                cursor.RereadAt = Timestamp.Never;
                cursor.After = -1;
                MarkUnread(cursor.Shard);
            }

            NextReread = Timestamp.Min(NextReread, cursor.RereadAt);
        }
    }

    public void Add(ShardId shard)
    {
        if (_cursors.TryGetValue(shard, out ShardCursor? cursor))
        {
            cursor.Returns = cursor.Leaving is not null;
            return;
        }

        _cursors.Add(shard, new(shard));
        MarkUnread(shard);
    }

    /// <summary>
    /// Starts to let the shard go; <paramref name="removed"/> completes as soon as nothing of it is taken.
    /// </summary>
    public void Remove(ShardId shard, TaskCompletionSource removed)
    {
        if (!_cursors.TryGetValue(shard, out ShardCursor? cursor))
        {
            removed.SetResult();
            return;
        }

        cursor.Returns = false;
        (cursor.Leaving ??= []).Add(removed);
        CompleteIfIdle(cursor);
    }

    /// <summary>Starts to read the shard from its beginning again.</summary>
    /// <returns>Whether the shard is here to stay.</returns>
    public bool Restart(ShardId shard)
    {
        if (!_cursors.TryGetValue(shard, out ShardCursor? cursor) || cursor.Leaving is not null)
        {
            return false;
        }

        cursor.After = -1;
        MarkUnread(shard);
        return true;
    }

    /// <summary>An outcome of the shard was recorded.</summary>
    public void Release(ShardId shard)
    {
        ShardCursor cursor = _cursors[shard];
        cursor.Taken--;
        CompleteIfIdle(cursor);
    }

    /// <summary>Nothing of any shard is under way any more.</summary>
    public void RemoveAll()
    {
        foreach (ShardCursor cursor in _cursors.Values)
        {
            cursor.Leaving?.ForEach(removed => removed.SetResult());
        }

        _cursors.Clear();
        _unread.Clear();
    }

    private void CompleteIfIdle(ShardCursor cursor)
    {
        if (cursor is { Leaving: { } waiting, Taken: 0 })
        {
            _cursors.Remove(cursor.Shard);
            waiting.ForEach(removed => removed.SetResult());
            if (cursor.Returns)
            {
                Add(cursor.Shard);
            }
        }
    }
}
