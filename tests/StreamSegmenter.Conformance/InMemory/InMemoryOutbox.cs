using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.InMemory;

/// <summary>The outbox of an <see cref="InMemoryStateStore"/>, under that one's lock.</summary>
internal sealed class InMemoryOutbox(Lock gate) : IOutbox
{
    private readonly Dictionary<PushId, Row> _rows = [];

    private enum Standing
    {
        Pending,
        Delivered,
        Dead,
    }

    public void Add(ShardId shard, NewPush push)
    {
        Push pending = new(push.Id, push.Connector, push.Customer, Attempts: 0, push.Content.ToArray());
        _rows.TryAdd(push.Id, new(new(new(shard, push.Sequence), pending, push.MadeAt, push.MadeAt)));
    }

    public ValueTask<IReadOnlyList<PendingPush>> ReadPendingAsync(
        ConnectorName connector,
        ShardId shard,
        long after,
        int max,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new([
                .. _rows
                    .Values.Where(row => row.Standing == Standing.Pending)
                    .Select(row => row.Pending)
                    .Where(pending => pending.Push.Connector == connector && pending.Place.Shard == shard)
                    .Where(pending => pending.Place.Sequence > after)
                    .OrderBy(pending => pending.Place.Sequence)
                    .Take(max),
            ]);
        }
    }

    public ValueTask UpdateAsync(IReadOnlyList<OutboxUpdate> updates, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            foreach (OutboxUpdate update in updates)
            {
                if (_rows.TryGetValue(update.Id, out Row? row) && row.Standing == Standing.Pending)
                {
                    Update(row, update);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyDictionary<ConnectorName, OutboxCounts>> CountAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(
                _rows
                    .Values.GroupBy(row => row.Pending.Push.Connector)
                    .ToDictionary(
                        group => group.Key,
                        group => new OutboxCounts(
                            group.LongCount(row => row.Standing == Standing.Pending),
                            group.LongCount(row => row.Standing == Standing.Delivered),
                            group.LongCount(row => row.Standing == Standing.Dead)
                        )
                    )
            );
        }
    }

    private static void Update(Row row, OutboxUpdate update)
    {
        switch (update)
        {
            case OutboxUpdate.Postponed later:
                row.Pending = row.Pending with
                {
                    Push = row.Pending.Push with { Attempts = later.Attempts },
                    NotBefore = later.NotBefore,
                };
                break;
            case OutboxUpdate.Delivered:
                row.Standing = Standing.Delivered;
                break;
            case OutboxUpdate.Dead:
                row.Standing = Standing.Dead;
                break;
        }
    }

    private sealed class Row(PendingPush pending)
    {
        public PendingPush Pending { get; set; } = pending;

        public Standing Standing { get; set; }
    }
}
