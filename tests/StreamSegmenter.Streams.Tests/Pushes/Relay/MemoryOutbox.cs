using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Tests.Pushes.Relay;

/// <summary>An outbox in memory that can be made to fail, and that refuses updates no relay may make.</summary>
internal sealed class MemoryOutbox : IOutbox
{
    private readonly Dictionary<(ConnectorName, ShardId), SortedSet<long>> _sequences = [];
    private readonly Dictionary<OutboxPlace, PendingPush> _pending = [];
    private readonly Dictionary<PushId, OutboxPlace> _places = [];
    private readonly Dictionary<PushId, CustomerId> _customers = [];
    private readonly Dictionary<ShardId, long> _next = [];

    public Dictionary<PushId, OutboxUpdate> Finished { get; } = [];

    public List<IReadOnlyList<OutboxUpdate>> Updates { get; } = [];

    public int Reads { get; private set; }

    /// <summary>Every use fails.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Reading works, writing fails.</summary>
    public Exception? UpdateFailure { get; set; }

    /// <summary>When given, updates wait for its end.</summary>
    public TaskCompletionSource? Disk { get; set; }

    /// <summary>When given, readers get copies, as from a database, and this is where to find them.</summary>
    public List<WeakReference>? Copies { get; set; }

    public IReadOnlyCollection<PendingPush> Pending => _pending.Values;

    public CustomerId CustomerOf(PushId id) => _customers[id];

    public Push Add(ConnectorName connector, string customer, Timestamp madeAt, int shard = 0)
    {
        ShardId id = new(shard);
        long sequence = _next.GetValueOrDefault(id);
        _next[id] = sequence + 1;
        OutboxPlace place = new(id, sequence);
        Push push = new(new($"{shard}-{sequence}"), connector, new CustomerId(customer), 0, "{}"u8.ToArray());
        _customers.Add(push.Id, push.Customer);
        _places.Add(push.Id, place);
        _pending.Add(place, new(place, push, madeAt, madeAt));
        Sequences(connector, id).Add(sequence);
        return push;
    }

    public async ValueTask<IReadOnlyList<PendingPush>> ReadPendingAsync(
        ConnectorName connector,
        ShardId shard,
        long after,
        int max,
        CancellationToken cancellationToken
    )
    {
        Reads++;
        await Task.Yield();
        Throw(Failure);
        return
        [
            .. Sequences(connector, shard)
                .GetViewBetween(after + 1, long.MaxValue)
                .Take(max)
                .Select(sequence => Copy(_pending[new(shard, sequence)])),
        ];
    }

    public async ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken)
    {
        await (Disk?.Task ?? Task.CompletedTask);
        await Task.Yield();
        Throw(Failure ?? UpdateFailure);
        Updates.Add(updates);
        foreach (OutboxUpdate update in updates)
        {
            OutboxPlace place = _places[update.Id];
            PendingPush row = _pending[place];
            if (update is OutboxUpdate.Postponed postponed)
            {
                Push tried = row.Push with { Attempts = postponed.Attempts };
                _pending[place] = row with
                {
                    Push = tried,
                    NotBefore = postponed.NotBefore,
                    UnknownAt = postponed.UnknownAt,
                };
            }
            else if (update is OutboxUpdate.Started started)
            {
                _pending[place] = row with { UnknownAt = row.UnknownAt ?? started.At };
            }
            else
            {
                _pending.Remove(place);
                Sequences(row.Push.Connector, place.Shard).Remove(place.Sequence);
                Finished.Add(update.Id, update);
            }
        }
    }

    public ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(
        CancellationToken cancellationToken
    ) => throw new NotSupportedException("A relay counts nothing.");

    private PendingPush Copy(PendingPush pending)
    {
        if (Copies is null)
        {
            return pending;
        }

        byte[] content = pending.Push.Content.ToArray();
        Copies.Add(new(content));
        return pending with { Push = pending.Push with { Content = content } };
    }

    private SortedSet<long> Sequences(ConnectorName connector, ShardId shard)
    {
        if (!_sequences.TryGetValue((connector, shard), out SortedSet<long>? sequences))
        {
            _sequences.Add((connector, shard), sequences = []);
        }

        return sequences;
    }

    private static void Throw(Exception? failure)
    {
        if (failure is not null)
        {
            throw failure;
        }
    }
}
