using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

internal delegate bool CompiledCondition(EvaluationFrame frame);

internal delegate RuleValue CompiledValue(EvaluationFrame frame);

/// <summary>
/// What a compiled rule reads, and what it reports beside its value: the earliest later instant at which time alone can
/// change that value. One frame serves a shard; it is filled anew for every evaluation.
/// </summary>
internal sealed class EvaluationFrame(CalendarPeriods calendar)
{
    private const int RecurringTexts = 4096;

    private readonly Stack<List<RuleValue>> _spareLists = new();

    public CalendarPeriods Calendar { get; } = calendar;

    /// <summary>What strings of events become, so that one which recurs is allocated once.</summary>
    public Utf8StringTable Texts { get; } = new(RecurringTexts);

    public Timestamp Now { get; private set; }

    public CustomerState Customer { get; private set; } = null!;

    /// <summary>The earliest instant after <see cref="Now"/> reported so far.</summary>
    public Timestamp NextChange { get; private set; }

    /// <summary>The event's body, or the element that <c>any(...)</c> looks at.</summary>
    public JsonCursor Body { get; set; }

    public JsonCursor Envelope { get; private set; }

    public void Begin(CustomerState customer, Timestamp now)
    {
        (Customer, Now, NextChange) = (customer, now, Timestamp.Never);
    }

    /// <summary>For another value of the same customer at the same instant.</summary>
    public void BeginNext() => NextChange = Timestamp.Never;

    public void BeginEvent(CustomerState customer, JsonCursor body, JsonCursor envelope)
    {
        (Customer, Body, Envelope) = (customer, body, envelope);
    }

    /// <summary>
    /// Reports that something read may change at <paramref name="instant"/>; past instants are ignored.
    /// </summary>
    public void MayChangeAt(Timestamp instant)
    {
        if (instant > Now && instant < NextChange)
        {
            NextChange = instant;
        }
    }

    public Lane? Lane(LaneDefinition definition) => Customer.Lanes[definition.Index];

    public LaneMemory Memory(MemoryDefinition definition) =>
        Customer.Memories[definition.Index] ??= definition.Create(Calendar);

    public List<RuleValue> RentList() => _spareLists.TryPop(out List<RuleValue>? list) ? list : [];

    public void Return(List<RuleValue> list)
    {
        list.Clear();
        _spareLists.Push(list);
    }
}
