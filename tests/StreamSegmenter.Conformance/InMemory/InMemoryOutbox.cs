using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.InMemory;

/// <summary>The outbox of an <see cref="InMemoryStateStore"/>, under that one's lock.</summary>
internal sealed class InMemoryOutbox(Lock gate) : IOutbox
{
    private readonly Dictionary<PushId, Row> _rows = [];

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
                    .Values.Where(row => row.End is null)
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
                if (_rows.TryGetValue(update.Id, out Row? row) && row.End is null)
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
                            group.LongCount(row => row.End is null),
                            Ended<OutboxUpdate.Delivered>(group),
                            Ended<OutboxUpdate.Dead>(group)
                        )
                        {
                            Dropped = Ended<OutboxUpdate.Dropped>(group),
                            Merged = Ended<OutboxUpdate.Merged>(group),
                            Unknown = Ended<OutboxUpdate.Unknown>(group),
                            Held = Ended<OutboxUpdate.Held>(group),
                        }
                    )
            );
        }
    }

    /// <summary>The customer's case but for its standings. Under the lock.</summary>
    public CustomerCase CaseOf(CustomerId customer, CaseQuestion question)
    {
        (Timestamp grantsSince, int maxPending) = (question.GrantsSince, question.MaxPending);
        List<Row> rows =
        [
            .. _rows
                .Values.Where(row => row.Pending.Push.Customer == customer)
                .OrderBy(row => row.Pending.Place.Sequence),
        ];
        List<PendingPush> pending = [.. rows.Where(row => row.End is null).Select(row => row.Pending)];
        CustomerFacts facts = new(
            customer,
            [],
            new HashSet<Suppression>(),
            [
                .. rows.Where(row => row.Grant is not null && row.MayHaveArrived)
                    .Where(row => row.End is null || row.Grant!.At >= grantsSince)
                    .Select(row => row.Grant!)
                    .OrderBy(grant => grant.At),
            ],
            new Dictionary<Segmentation.Segments.SegmentName, Standing>(),
            rows.Where(IsUnsent).Select(row => row.Pending.Push.Id).ToHashSet()
        );
        return new(facts, [.. pending.Take(maxPending)], pending.Count > maxPending);
    }

    private bool IsUnsent(Row row) =>
        row.End is OutboxUpdate.Merged merged
            ? _rows.TryGetValue(merged.Into, out Row? carrier) && IsUnsent(carrier)
            : row is { End: OutboxUpdate.Dropped, Pending: { UnknownAt: null, Push.Attempts: 0 } };

    private static long Ended<T>(IEnumerable<Row> rows)
        where T : OutboxUpdate => rows.LongCount(row => row.End is T);

    private static void Update(Row row, OutboxUpdate update)
    {
        PendingPush pending = row.Pending;
        switch (update)
        {
            case OutboxUpdate.Postponed later:
                row.Pending = pending with
                {
                    Push = pending.Push with { Attempts = later.Attempts },
                    NotBefore = later.NotBefore,
                    UnknownAt = later.UnknownAt,
                };
                break;
            case OutboxUpdate.Started started:
                row.Pending = pending with { UnknownAt = pending.UnknownAt ?? started.At };
                break;
            case OutboxUpdate.Granted when pending.GrantedAt is not null:
                break;
            case OutboxUpdate.Granted grant:
                row.Pending = pending with
                {
                    Push = pending.Push with { Content = grant.Content?.ToArray() ?? pending.Push.Content },
                    GrantedAt = grant.At,
                };
                row.Grant = new(grant.Id, pending.Push.Connector, grant.Purpose, grant.At);
                break;
            case OutboxUpdate.Deferred wait:
                row.Pending = pending with { NotBefore = wait.Until };
                break;
            case OutboxUpdate.AfterAttempt end:
                row.Pending = pending with { UnknownAt = end.UnknownAt };
                row.End = end;
                break;
            default:
                row.End = update;
                break;
        }
    }

    private sealed class Row(PendingPush pending)
    {
        public PendingPush Pending { get; set; } = pending;

        public Grant? Grant { get; set; }

        /// <summary>Null while it is pending.</summary>
        public OutboxUpdate? End { get; set; }

        public bool MayHaveArrived =>
            End is null or OutboxUpdate.Delivered or OutboxUpdate.Unknown or OutboxUpdate.Held
            || Pending.UnknownAt is not null;
    }
}
