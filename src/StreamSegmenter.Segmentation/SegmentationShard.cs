using StreamSegmenter.Segmentation.Consents;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Explaining;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Rules.Compilation;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation;

/// <summary>
/// The deterministic state machine of one shard: records and instants go in, transitions come out. It reads no clock,
/// does no I/O and is used by one thread at a time.
/// </summary>
public sealed class SegmentationShard
{
    private readonly RuleSet _rules;
    private readonly EventDecoder _decoder;
    private readonly EvaluationFrame _frame;
    private readonly SegmentEvaluator _evaluator;
    private readonly SegmentReconciler _reconciler;
    private readonly TimelineWriter _timelines;
    private readonly ResidentTable _residents;
    private readonly DueQueue _dues = new();
    private readonly IndexSet _nodes;
    private readonly List<Resident> _changed = [];
    private readonly int _maxIdLength;

    /// <param name="consents">Is told every consent that comes in; null: nobody wants to know.</param>
    public SegmentationShard(RuleSet rules, ShardLimits limits, ITransitionSink sink, IConsentSink? consents = null)
    {
        _rules = rules;
        _decoder = new(limits.Events);
        _maxIdLength = limits.Events.MaxIdLength;
        _frame = new(rules.Calendar);
        _evaluator = new(rules, _frame, sink);
        _reconciler = new(rules, sink);
        _timelines = new(rules, _frame, limits, consents);
        _residents = new(rules, limits.HotCustomers);
        _nodes = new(rules.NodeCount);
    }

    /// <summary>
    /// Evaluates everything for whoever is evaluated, instead of what may have changed: slower, and the same. Default:
    /// false. For tests.
    /// </summary>
    internal bool EvaluatesEverything { get; set; }

    /// <summary>The shard's clock: the largest log time, fired instant or tick seen.</summary>
    public Timestamp Now { get; private set; } = Timestamp.Beginning;

    /// <summary>How many customers are in memory.</summary>
    public int ResidentCustomers => _residents.Count;

    /// <summary>The customers in memory, in no order.</summary>
    public IEnumerable<CustomerId> Residents => _residents.Ids;

    /// <summary>The earliest instant at which time alone changes a customer in memory.</summary>
    public Timestamp NextDue => _dues.Earliest;

    /// <summary>How many customers changed since the last <see cref="TakeChanged"/>.</summary>
    public int ChangedCustomers => _changed.Count;

    public bool IsResident(CustomerId customer) => _residents.Find(customer) is not null;

    /// <summary>
    /// Whether there can be such a customer. Logs that others write to hold records with any key; those without a
    /// customer are rejected.
    /// </summary>
    public bool CanKnow(CustomerId customer) =>
        !customer.IsMissing && customer.Value.Length <= _maxIdLength && !customer.Value.Contains('\0');

    /// <summary>Brings a stored customer into memory; nothing happens if it is there already.</summary>
    public void Admit(CustomerId customer, ReadOnlyMemory<byte> state, Timestamp nextDue)
    {
        if (!IsResident(customer))
        {
            _dues.Update(_residents.Admit(customer, state.Span), nextDue);
        }
    }

    /// <summary>Continues from a checkpoint's clock.</summary>
    public void Resume(Timestamp now) => Now = Timestamp.Max(Now, now);

    /// <summary>
    /// Applies one record. First, everything due strictly before its log time happens; what is due at exactly that time
    /// is evaluated together with it. The caller has admitted the customer and everybody due before, if they are
    /// stored.
    /// </summary>
    public ApplyResult Apply(Timestamp logTime, CustomerId customer, ReadOnlyMemory<byte> payload)
    {
        Begin(logTime);
        if (!_decoder.TryDecode(payload, out EventView view, out Rejection rejection))
        {
            return ApplyResult.Rejected(rejection);
        }

        return ApplyEvent(logTime, customer, view);
    }

    /// <summary>
    /// As <see cref="Apply(Timestamp, CustomerId, ReadOnlyMemory{byte})"/>, of an event decoded elsewhere.
    /// </summary>
    internal ApplyResult Apply(Timestamp logTime, CustomerId customer, EventView view)
    {
        Begin(logTime);
        return ApplyEvent(logTime, customer, view);
    }

    private void Begin(Timestamp logTime)
    {
        AdvanceBefore(logTime);
        Now = Timestamp.Max(Now, logTime);
    }

    private ApplyResult ApplyEvent(Timestamp logTime, CustomerId customer, EventView view)
    {
        Timestamp declared = view.EventTime(logTime) ?? logTime;
        Timestamp at = Timestamp.Min(declared, logTime);
        Resident? known = customer.IsMissing ? null : _residents.Find(customer);
        if (known is null && !CanKnow(customer))
        {
            return ApplyResult.Rejected(NoKey());
        }

        Resident resident = known ?? _residents.Create(customer);
        CustomerState state = _residents.Unpack(resident);
        if (!_timelines.TryRegister(state, view, at, Now))
        {
            return ApplyResult.Duplicate;
        }

        MarkChanged(resident);
        if (known is null)
        {
            _nodes.AddAll(_rules.StartNodes);
        }

        state.Agenda.CollectDue(Now, _nodes);
        int evicted = _timelines.Write(state, view, at, Now, _nodes);
        Evaluate(resident, state, new(Now, TransitionCause.Event, view.Root, view.MessageId));
        Rejection unread = _timelines.ConsentMistake is { } mistake ? new(RejectReason.BadConsent, mistake) : default;
        return ApplyResult.Applied(clamped: declared > logTime, evicted, unread);
    }

    /// <summary>
    /// Lets happen what is due before <paramref name="limit"/>, in order of time; everybody due before it is in memory.
    /// Returns how many customers were evaluated; the clock stands at the last such instant.
    /// </summary>
    public int AdvanceBefore(Timestamp limit)
    {
        int evaluated = 0;
        while (_dues.TakeBefore(limit) is { } resident)
        {
            CustomerState state = _residents.Unpack(resident);
            Now = Timestamp.Max(Now, resident.NextDue);
            MarkChanged(resident);
            state.Agenda.CollectDue(resident.NextDue, _nodes);
            Evaluate(resident, state, new(resident.NextDue, TransitionCause.Time, default, default));
            evaluated++;
        }

        return evaluated;
    }

    /// <summary>As <see cref="AdvanceBefore"/>, with what is due at exactly <paramref name="instant"/> too.</summary>
    public int AdvanceThrough(Timestamp instant) => AdvanceBefore(instant.Plus(1));

    /// <summary>
    /// Why a customer in memory is, or is not, a member of a segment at the shard's clock; null if there is no such
    /// customer or segment.
    /// </summary>
    public Explanation? Explain(CustomerId customer, SegmentName segment) =>
        _residents.Find(customer) is { } resident
            ? new Explainer(_rules).Explain(_residents.Unpack(resident), segment, Now)
            : null;

    /// <summary>What is known of a customer in memory, at the shard's clock; null if there is no such one.</summary>
    public CustomerSnapshot? Snapshot(CustomerId customer) =>
        _residents.Find(customer) is { } resident
            ? CustomerSnapshot.Of(_residents.Unpack(resident), _rules.Slots, Now)
            : null;

    /// <summary>
    /// Packs and hands over every customer changed since the last call. What is handed over is not referenced any more
    /// and may be written by another thread.
    /// </summary>
    public IReadOnlyList<PackedCustomer> TakeChanged()
    {
        var taken = new PackedCustomer[_changed.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            Resident resident = _changed[i];
            resident.Changed = false;
            taken[i] = new(resident.Id, resident.NextDue, _residents.Pack(resident));
        }

        _changed.Clear();
        return taken;
    }

    /// <summary>
    /// Forgets unchanged customers beyond <paramref name="keep"/>; they must be stored. Returns the earliest instant at
    /// which one of them is due.
    /// </summary>
    public Timestamp Shrink(int keep) => _residents.Shrink(keep, _dues);

    /// <summary>
    /// Aligns a customer in memory, whose memberships were worked out anew from history, with the transitions already
    /// committed: numbers go on after them, and where a membership differs, one transition at the shard's clock says
    /// so, with the cause <see cref="TransitionCause.Backfill"/> or <see cref="TransitionCause.Definition"/>.
    /// </summary>
    /// <param name="history">The customer's committed transitions, ordered by (segment, number).</param>
    public void Reconcile(CustomerId customer, IEnumerable<Transition> history)
    {
        Resident resident =
            _residents.Find(customer)
            ?? throw new ArgumentException($"Customer {customer} is not in memory; admit or replay it first.");
        CustomerState state = _residents.Unpack(resident);
        _reconciler.Reconcile(state, history, Now);
        MarkChanged(resident);
    }

    /// <summary>
    /// Moves a shard that has caught up to its log's clock: everything due before it happens. Says whether anything
    /// did; if not, the clock stays, so that a replay need not know of this tick.
    /// </summary>
    public bool Tick(Timestamp clock)
    {
        if (AdvanceBefore(clock) == 0)
        {
            return false;
        }

        Resume(clock);
        return true;
    }

    private Rejection NoKey() =>
        new(
            RejectReason.NoKey,
            $"the key must be the customer's id: UTF-8, 1 to {_maxIdLength} characters, without U+0000"
        );

    private void MarkChanged(Resident resident)
    {
        if (!resident.Changed)
        {
            resident.Changed = true;
            _changed.Add(resident);
        }
    }

    private void Evaluate(Resident resident, CustomerState state, in EvaluationOccasion occasion)
    {
        for (int node = 0; EvaluatesEverything && node < _rules.NodeCount; node++)
        {
            _nodes.Add(node);
        }

        _evaluator.Evaluate(state, _nodes, occasion);
        _dues.Update(resident, state.Agenda.Earliest);
    }
}
