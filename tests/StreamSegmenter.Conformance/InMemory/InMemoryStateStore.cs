using System.Runtime.CompilerServices;
using StreamSegmenter.Conformance.Support;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;
using StreamSegmenter.Streams.Pushes.Policy;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Conformance.InMemory;

/// <summary>
/// A state store without a disk, for tests of what stands on one. It keeps the whole contract except that it is gone
/// with its object. Every call is atomic. Thread-safe.
/// </summary>
public sealed class InMemoryStateStore
    : IStateStore,
        IShardOwnership,
        ICustomerReader,
        IShardCommitter,
        IMembershipReader,
        ICustomerCaseReader
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ShardId, Shard> _shards = [];
    private readonly Dictionary<(CustomerId, SegmentName, long), Transition> _transitions = [];
    private readonly Dictionary<(CustomerId Customer, SegmentName Segment), Timestamp> _memberships = [];
    private readonly InMemoryDeadLetterStore _deadLetters = new();
    private readonly InMemoryOutbox _outbox;
    private readonly InMemoryConsents _consents;
    private readonly InMemorySuppressions _suppressions;
    private int? _partitionCount;

    public InMemoryStateStore()
    {
        _outbox = new(_gate);
        _consents = new(_gate);
        _suppressions = new(_gate);
    }

    public IShardOwnership Ownership => this;

    public ICustomerReader Customers => this;

    public IShardCommitter Committer => this;

    public IMembershipReader Memberships => this;

    public IOutbox Outbox => _outbox;

    public IPushAdministration PushAdministration => _outbox;

    public ICustomerCaseReader Cases => this;

    public IDeadLetterStore DeadLetters => _deadLetters;

    public IConsentReader Consents => _consents;

    public ISuppressionList Suppressions => _suppressions;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public ValueTask PinAsync(int partitionCount, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Pin(partitionCount);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<string?> FindOwnerAsync(ShardId shard, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Of(shard).Owner);
        }
    }

    public ValueTask<ShardStart> AcquireAsync(
        ShardId shard,
        int partitionCount,
        string owner,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        shard.ThrowIfNotAmong(partitionCount);
        lock (_gate)
        {
            Pin(partitionCount);
            Shard state = Of(shard);
            state.Epoch++;
            state.Owner = owner;
            return new(
                new ShardStart(
                    new(shard, new(state.Epoch)),
                    state.CheckpointPosition,
                    state.Now,
                    state.EffectsPosition,
                    [.. state.Ticks.Where(state.IsAfterCheckpoint)],
                    state.Definitions,
                    state.NextOutboxSequence
                )
            );
        }
    }

    public ValueTask<IReadOnlyList<StoredCustomer>> LoadAsync(
        ShardId shard,
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Dictionary<CustomerId, StoredCustomer> stored = Of(shard).Customers;
            return new([.. customers.Where(stored.ContainsKey).Select(customer => stored[customer])]);
        }
    }

    public ValueTask<IReadOnlyList<StoredCustomer>> LoadDueAsync(
        ShardId shard,
        Timestamp before,
        Timestamp afterDue,
        CustomerId? afterCustomer,
        int max,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        string after = afterCustomer?.Value ?? "";
        lock (_gate)
        {
            return new([
                .. Of(shard)
                    .Customers.Values.Where(customer => customer.NextDue < before)
                    .Where(customer =>
                        customer.NextDue > afterDue
                        || (
                            customer.NextDue == afterDue
                            && CodePointOrder.Instance.Compare(customer.Customer.Value, after) > 0
                        )
                    )
                    .OrderBy(customer => customer.NextDue)
                    .ThenBy(customer => customer.Customer.Value, CodePointOrder.Instance)
                    .Take(max),
            ]);
        }
    }

    public ValueTask<CommitResult> CommitCheckpointAsync(
        ShardLease lease,
        Checkpoint checkpoint,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Shard shard = Of(lease.Shard);
            if (shard.Epoch != lease.Epoch.Value)
            {
                return new(CommitResult.Fenced);
            }

            shard.CheckpointPosition = checkpoint.Position;
            shard.Now = checkpoint.Now;
            shard.Definitions = checkpoint.Definitions;
            if (checkpoint.ReplacesAll)
            {
                shard.Customers.Clear();
            }

            foreach (StoredCustomer customer in checkpoint.Customers)
            {
                if (customer.State.IsEmpty)
                {
                    shard.Customers.Remove(customer.Customer);
                }
                else
                {
                    shard.Customers[customer.Customer] = customer with { State = customer.State.ToArray() };
                }
            }

            shard.Ticks.RemoveWhere(tick => !shard.IsAfterCheckpoint(tick));
            return new(CommitResult.Committed);
        }
    }

    public ValueTask<CommitResult> CommitEffectsAsync(
        ShardLease lease,
        EffectBatch effects,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Shard shard = Of(lease.Shard);
            if (shard.Epoch != lease.Epoch.Value)
            {
                return new(CommitResult.Fenced);
            }

            shard.EffectsPosition = effects.Position > shard.EffectsPosition ? effects.Position : shard.EffectsPosition;
            shard.Ticks.UnionWith(effects.Ticks);
            foreach (Transition transition in effects.Transitions)
            {
                Add(transition);
            }

            foreach (NewPush push in effects.Pushes)
            {
                shard.NextOutboxSequence = Math.Max(shard.NextOutboxSequence, push.Sequence + 1);
                _outbox.Add(lease.Shard, push);
            }

            _deadLetters.Add(effects.DeadLetters);
            _consents.Add(effects.Consents);

            return new(CommitResult.Committed);
        }
    }

    public ValueTask<IReadOnlyList<Membership>> GetMembershipsAsync(
        CustomerId customer,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new([
                .. _memberships
                    .Where(membership => membership.Key.Customer == customer)
                    .OrderBy(membership => membership.Key.Segment.Value, CodePointOrder.Instance)
                    .Select(membership => new Membership(membership.Key.Segment, membership.Value)),
            ]);
        }
    }

    public ValueTask<IReadOnlyDictionary<SegmentName, long>> CountMembersAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(
                _memberships
                    .Keys.GroupBy(key => key.Segment)
                    .ToDictionary(group => group.Key, group => group.LongCount())
            );
        }
    }

    public ValueTask<IReadOnlyList<Transition>> GetHistoryAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new([
                .. customers.SelectMany(customer =>
                    _transitions
                        .Values.Where(transition => transition.Customer == customer)
                        .OrderBy(transition => transition.Segment.Value, CodePointOrder.Instance)
                        .ThenBy(transition => transition.Number)
                ),
            ]);
        }
    }

    public async IAsyncEnumerable<Transition> ReadTransitionsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        List<Transition> all;
        lock (_gate)
        {
            all =
            [
                .. _transitions
                    .Values.OrderBy(transition => transition.At)
                    .ThenBy(transition => transition.Customer.Value, CodePointOrder.Instance)
                    .ThenBy(transition => transition.Segment.Value, CodePointOrder.Instance)
                    .ThenBy(transition => transition.Number),
            ];
        }

        foreach (Transition transition in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return transition;
        }
    }

    public ValueTask<IReadOnlyList<CustomerCase>> ReadAsync(CaseQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new([
                .. question.Customers.Select(customer =>
                {
                    CustomerCase found = _outbox.CaseOf(customer, question);
                    return found with
                    {
                        Facts = found.Facts with
                        {
                            Standings = StandingsOf(customer),
                            Consents = _consents.CurrentOf(customer),
                            Suppressions = _suppressions.Among(
                                found.Pending.Select(question.AddressOf).OfType<Suppression>()
                            ),
                        },
                    };
                }),
            ]);
        }
    }

    private Dictionary<SegmentName, Standing> StandingsOf(CustomerId customer) =>
        _transitions
            .Values.Where(transition => transition.Customer == customer)
            .GroupBy(transition => transition.Segment)
            .ToDictionary(
                group => group.Key,
                group =>
                {
                    Transition last = group.MaxBy(transition => transition.Number)!;
                    return new Standing(last.Number, last.Kind == TransitionKind.Entered);
                }
            );

    private void Add(Transition transition)
    {
        if (!_transitions.TryAdd((transition.Customer, transition.Segment, transition.Number), transition))
        {
            return;
        }

        if (transition.Kind == TransitionKind.Entered)
        {
            _memberships.TryAdd((transition.Customer, transition.Segment), transition.At);
        }
        else
        {
            _memberships.Remove((transition.Customer, transition.Segment));
        }
    }

    private void Pin(int partitionCount)
    {
        _partitionCount ??= partitionCount;
        if (_partitionCount != partitionCount)
        {
            throw new InvalidOperationException($"The store belongs to a log of {_partitionCount} partitions.");
        }
    }

    private Shard Of(ShardId id)
    {
        if (!_shards.TryGetValue(id, out Shard? shard))
        {
            _shards.Add(id, shard = new());
        }

        return shard;
    }

    private sealed class Shard
    {
        public long Epoch { get; set; }

        public string? Owner { get; set; }

        public LogPosition CheckpointPosition { get; set; }

        public Timestamp Now { get; set; } = Timestamp.Beginning;

        public string Definitions { get; set; } = "";

        public LogPosition EffectsPosition { get; set; }

        public long NextOutboxSequence { get; set; } = 1;

        public SortedSet<RecordedTick> Ticks { get; } =
            new(Comparer<RecordedTick>.Create((a, b) => (a.Position, a.Now).CompareTo((b.Position, b.Now))));

        public Dictionary<CustomerId, StoredCustomer> Customers { get; } = [];

        public bool IsAfterCheckpoint(RecordedTick tick) =>
            tick.Position > CheckpointPosition || (tick.Position == CheckpointPosition && tick.Now > Now);
    }
}
