using StreamSegmenter.Oracle.Evaluation;
using StreamSegmenter.Oracle.Events;
using StreamSegmenter.Oracle.Language;

namespace StreamSegmenter.Oracle;

/// <summary>The clock, the customers, and what is due when.</summary>
internal sealed class OracleShard
{
    private readonly RuleSet _rules;
    private readonly CalendarPeriods _calendar;
    private readonly DueInstants _dueInstants;
    private readonly Remembrance _remembrance;
    private readonly bool _exhaustive;
    private readonly Dictionary<string, CustomerHistory> _customers = new(StringComparer.Ordinal);
    private readonly SortedSet<(long Due, string Customer)> _agenda = new(
        Comparer<(long Due, string Customer)>.Create(
            (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : string.CompareOrdinal(a.Customer, b.Customer)
        )
    );

    private readonly List<OracleTransition> _transitions = [];
    private long _records;

    public OracleShard(OracleConfig config)
    {
        _rules = RuleSet.Load(config.Segments);
        _calendar = new(config.TimeZone);
        _dueInstants = new(_rules, _calendar);
        _remembrance = new(_rules, _calendar, (long)config.DedupeHorizon.TotalMilliseconds);
        _exhaustive = config.Exhaustive;
    }

    /// <summary>The latest time seen.</summary>
    public long Clock { get; private set; } = long.MinValue;

    public IReadOnlyList<OracleTransition> Transitions =>
        [
            .. _transitions
                .OrderBy(transition => transition.At)
                .ThenBy(transition => transition.Customer, StringComparer.Ordinal)
                .ThenBy(transition => transition.Segment, StringComparer.Ordinal),
        ];

    /// <summary>Takes an event at <paramref name="clock"/>, or now where that is later; false: a duplicate.</summary>
    public bool Append(DecodedEvent decoded, long logTime, long clock)
    {
        var now = Math.Max(Clock, clock);
        EvaluateAllDueBefore(now);
        Clock = now;
        var history = _customers.TryGetValue(decoded.Customer, out var known)
            ? known
            : _customers[decoded.Customer] = new(decoded.Customer);
        var appended = new CustomerEvent(
            decoded.Name,
            decoded.Payload,
            decoded.Envelope,
            Math.Min(decoded.EventTime, logTime),
            _records++
        );
        if (IsDuplicate(history, decoded.MessageId, appended, now))
        {
            return false;
        }

        history.Insert(appended);
        Evaluate(history, now, "event", decoded.MessageId);
        return true;
    }

    /// <summary>Moves the clock; whatever is due up to and at the new time happens. Never moves it back.</summary>
    public void MoveTo(long time)
    {
        if (time >= Clock)
        {
            EvaluateAllDueBefore(time + 1);
            Clock = time;
        }
    }

    private bool IsDuplicate(CustomerHistory history, string? messageId, CustomerEvent appended, long now)
    {
        if (messageId is null)
        {
            return false;
        }

        if (history.Seen.TryGetValue(messageId, out var first) && _remembrance.Remembers(first, now))
        {
            return true;
        }

        history.Seen[messageId] = new(appended, now);
        return false;
    }

    private void EvaluateAllDueBefore(long time)
    {
        while (_agenda.Count > 0 && _agenda.Min.Due < time)
        {
            var (due, customer) = _agenda.Min;
            Evaluate(_customers[customer], due, "time", messageId: null);
        }
    }

    private void Evaluate(CustomerHistory history, long now, string cause, string? messageId)
    {
        var evaluator = new Evaluator(history, _calendar, now);
        foreach (var segment in _rules.Segments)
        {
            var member = evaluator.Evaluate(segment);
            if (member == history.Memberships.GetValueOrDefault(segment.Name))
            {
                continue;
            }

            history.Memberships[segment.Name] = member;
            var sequence = history.Transitions.GetValueOrDefault(segment.Name) + 1;
            history.Transitions[segment.Name] = sequence;
            _transitions.Add(new(now, history.Customer, segment.Name, member, cause, messageId, sequence));
        }

        Schedule(history, _exhaustive ? now + 1 : _dueInstants.NextAfter(evaluator));
    }

    private void Schedule(CustomerHistory history, long? due)
    {
        if (history.Due is { } former)
        {
            _agenda.Remove((former, history.Customer));
        }

        history.Due = due;
        if (due is { } next)
        {
            _agenda.Add((next, history.Customer));
        }
    }
}
