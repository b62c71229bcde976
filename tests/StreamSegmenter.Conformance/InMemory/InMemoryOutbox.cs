using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.InMemory;

/// <summary>The outbox of an <see cref="InMemoryStateStore"/>, under that one's lock.</summary>
internal sealed class InMemoryOutbox(Lock gate) : IOutbox, IPushAdministration
{
    private readonly Dictionary<PushId, Row> _rows = [];
    private readonly Dictionary<ShardId, long> _replays = [];

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
                            Discarded = Ended<Discarded>(group),
                        }
                    )
            );
        }
    }

    /// <summary>The customer's case but for its standings. Under the lock.</summary>
    public CustomerCase CaseOf(CustomerId customer, CaseQuestion question)
    {
        List<Row> rows =
        [
            .. _rows
                .Values.Where(row => row.Pending.Push.Customer == customer)
                .OrderBy(row => row.Pending.Place.Sequence),
        ];
        (IReadOnlyList<PendingPush> pending, IReadOnlySet<ConnectorName> cut) = question.Limit(
            rows.Where(row => row.End is null)
                .Select(row => row.Pending)
                .Where(pending => question.Connectors.Contains(pending.Push.Connector))
        );
        CustomerFacts facts = new(
            customer,
            [],
            new HashSet<Suppression>(),
            [
                .. rows.Where(row => row.Grant is not null && row.MayHaveArrived)
                    .Where(row => row.End is null || row.CountsAt >= question.GrantsSince)
                    .OrderBy(row => row.CountsAt)
                    .ThenBy(row => row.Grant!.At)
                    .Select(row => row.Grant! with { At = row.CountsAt }),
            ],
            new Dictionary<Segmentation.Segments.SegmentName, Standing>(),
            rows.Where(IsUnsent).Select(row => row.Pending.Push.Id).ToHashSet()
        );
        return new(facts, pending, cut);
    }

    public ValueTask<IReadOnlyList<StoredPush>> ReadAsync(
        PushRange range,
        PushCursor? after,
        int max,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            InMemoryPushOrder order = new(range);
            return new([
                .. _rows
                    .Values.Select(row => row.ToStored())
                    .Where(push => order.Has(push) && order.IsBehind(push, after))
                    .Order(order)
                    .Take(max),
            ]);
        }
    }

    public ValueTask<PushHistory?> FindAsync(PushId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(
                _rows.TryGetValue(id, out Row? row) ? new PushHistory(row.ToStored(), [.. row.Decisions]) : null
            );
        }
    }

    public ValueTask<bool> EditAsync(PushId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (!_rows.TryGetValue(id, out Row? row) || !row.CanBeMoved)
            {
                return new(false);
            }

            row.Pending = row.Pending with { Push = row.Pending.Push with { Content = content.ToArray() } };
            return new(true);
        }
    }

    public ValueTask<IReadOnlyList<StoredPush>> ReplayAsync(
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            List<StoredPush> changed = [];
            foreach (Row row in Known(ids).Where(row => row.CanBeMoved))
            {
                changed.Add(row.ToStored());
                bool mayHaveArrived = row.Pending.UnknownAt is not null;
                row.End = null;
                row.Reason = null;
                row.Grant = mayHaveArrived ? row.Grant : null;
                row.Pending = row.Pending with
                {
                    Push = row.Pending.Push with { Attempts = 0 },
                    MadeAt = now,
                    NotBefore = now,
                    GrantedAt = mayHaveArrived ? row.Pending.GrantedAt : null,
                    UnknownAt = null,
                };
            }

            foreach (ShardId shard in changed.Select(push => push.Place.Shard).Distinct())
            {
                _replays[shard] = _replays.GetValueOrDefault(shard) + 1;
            }

            return new(changed);
        }
    }

    public ValueTask<int> DiscardAsync(IReadOnlyList<PushId> ids, Timestamp now, CancellationToken cancellationToken) =>
        Discard(ids, row => row.CanBeMoved, now, cancellationToken);

    public ValueTask<int> DiscardWaitingAsync(
        IReadOnlyList<PushId> ids,
        Timestamp now,
        CancellationToken cancellationToken
    ) => Discard(ids, row => row.End is null, now, cancellationToken);

    private ValueTask<int> Discard(
        IReadOnlyList<PushId> ids,
        Func<Row, bool> may,
        Timestamp now,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            Row[] rows = [.. Known(ids).Where(may)];
            foreach (Row row in rows)
            {
                row.Reason = row.ToStored().Reason;
                row.End = new Discarded(row.Pending.Push.Id, now);
            }

            return new(rows.Length);
        }
    }

    public ValueTask<IReadOnlyDictionary<ShardId, long>> ReadReplaysAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            return new(_replays.ToDictionary());
        }
    }

    private IEnumerable<Row> Known(IReadOnlyList<PushId> ids) =>
        ids.Distinct().Where(_rows.ContainsKey).Select(id => _rows[id]);

    private bool IsUnsent(Row row) =>
        row.End is OutboxUpdate.Merged merged
            ? _rows.TryGetValue(merged.Into, out Row? carrier) && IsUnsent(carrier)
            : row is { End: OutboxUpdate.Dropped, Pending: { UnknownAt: null, Push.Attempts: 0 } };

    private static long Ended<T>(IEnumerable<Row> rows)
        where T : OutboxUpdate => rows.LongCount(row => row.End is T);

    private static void Note(Row row, OutboxUpdate update)
    {
        PendingPush pending = row.Pending;
        PushDecision? decision = update switch
        {
            OutboxUpdate.Granted grant when pending.GrantedAt is null => new(
                grant.Id,
                grant.At,
                PolicyVerdict.Send,
                grant.Reason
            ),
            OutboxUpdate.Deferred wait when pending.NotBefore != wait.Until => new(
                wait.Id,
                wait.At,
                PolicyVerdict.Wait,
                wait.Reason
            ),
            OutboxUpdate.Dropped drop => new(drop.Id, drop.At, PolicyVerdict.Drop, drop.Reason),
            OutboxUpdate.Merged merge => new(merge.Id, merge.At, PolicyVerdict.Merge, merge.Reason),
            _ => null,
        };
        if (decision is not null)
        {
            row.Decisions.Add(decision);
        }
    }

    private static void Update(Row row, OutboxUpdate update)
    {
        PendingPush pending = row.Pending;
        Note(row, update);
        switch (update)
        {
            case OutboxUpdate.Postponed later:
                row.Reason = later.Reason;
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
                row.Reason = pending.NotBefore == wait.Until ? row.Reason : wait.Reason;
                row.Pending = pending with { NotBefore = wait.Until };
                break;
            case OutboxUpdate.AfterAttempt end:
                int attempts = end switch
                {
                    OutboxUpdate.Delivered delivered => delivered.Attempts,
                    OutboxUpdate.Dead dead => dead.Attempts,
                    OutboxUpdate.Unknown unknown => unknown.Attempts,
                    OutboxUpdate.Held held => held.Attempts,
                    _ => pending.Push.Attempts,
                };
                row.Pending = pending with
                {
                    Push = pending.Push with { Attempts = attempts },
                    UnknownAt = end.UnknownAt,
                };
                row.End = end;
                break;
            default:
                row.End = update;
                break;
        }
    }

    private sealed record Discarded(PushId Id, Timestamp At) : OutboxUpdate(Id);

    private sealed class Row(PendingPush pending)
    {
        public PendingPush Pending { get; set; } = pending;

        public Grant? Grant { get; set; }

        /// <summary>Null while it is pending.</summary>
        public OutboxUpdate? End { get; set; }

        public List<PushDecision> Decisions { get; } = [];

        public PushState State =>
            End switch
            {
                null => PushState.Pending,
                OutboxUpdate.Delivered => PushState.Delivered,
                OutboxUpdate.Dead => PushState.Dead,
                OutboxUpdate.Dropped => PushState.Dropped,
                OutboxUpdate.Merged => PushState.Merged,
                OutboxUpdate.Unknown => PushState.Unknown,
                OutboxUpdate.Held => PushState.Held,
                _ => PushState.Discarded,
            };

        public bool CanBeMoved => State is PushState.Dead or PushState.Unknown or PushState.Held;

        public StoredPush ToStored()
        {
            (Timestamp? at, string? reason) = End switch
            {
                OutboxUpdate.Delivered end => (end.At, null),
                OutboxUpdate.Dead end => (end.At, end.Reason),
                OutboxUpdate.Unknown end => (end.At, end.Reason),
                OutboxUpdate.Held end => (end.At, end.Reason),
                OutboxUpdate.Dropped end => (end.At, end.Reason),
                OutboxUpdate.Merged end => (end.At, end.Reason),
                Discarded end => (end.At, Reason),
                _ => ((Timestamp?)null, Reason),
            };
            return new(Pending.Place, Pending.Push, State, Pending.MadeAt, Pending.NotBefore, at, reason)
            {
                GrantedAt = Pending.GrantedAt,
                UnknownAt = Pending.UnknownAt,
                MergedInto = (End as OutboxUpdate.Merged)?.Into,
            };
        }

        /// <summary>Of the last failure, or of the end that an operator has overruled.</summary>
        public string? Reason { get; set; }

        /// <summary>Of a row with a grant.</summary>
        public Timestamp CountsAt =>
            End switch
            {
                OutboxUpdate.Delivered end => end.At,
                OutboxUpdate.Unknown end => end.At,
                OutboxUpdate.Held end => end.At,
                _ => Grant!.At,
            };

        public bool MayHaveArrived =>
            End is null or OutboxUpdate.Delivered or OutboxUpdate.Unknown or OutboxUpdate.Held
            || Pending.UnknownAt is not null;
    }
}
