using System.Runtime.InteropServices;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>How often each string, number or boolean occurs in a window.</summary>
internal class TallyFold : WindowFold
{
    private readonly Dictionary<RuleValue, int> _counts = [];
    private readonly Deque<RuleValue> _entries = new();

    /// <summary>How many different values there are.</summary>
    public int Distinct => _counts.Count;

    protected Dictionary<RuleValue, int> Counts => _counts;

    protected int CountOf(in RuleValue value) => _counts.GetValueOrDefault(value);

    protected override void Clear()
    {
        _counts.Clear();
        _entries.Clear();
    }

    protected override void Add(Lane lane, int index, long ordinal)
    {
        RuleValue value = lane.ValueAt(index);
        _entries.AddLast(value);
        if (value.IsScalar)
        {
            int count = ++CollectionsMarshal.GetValueRefOrAddDefault(_counts, value, out _);
            CountChanged(value, count);
        }
    }

    protected override void RemoveOldest(long ordinal)
    {
        RuleValue value = _entries.First;
        _entries.RemoveFirst();
        if (!value.IsScalar)
        {
            return;
        }

        int count = --CollectionsMarshal.GetValueRefOrNullRef(_counts, value);
        CountChanged(value, count);
        if (count == 0)
        {
            _counts.Remove(value);
        }
    }

    protected virtual void CountChanged(in RuleValue value, int after) { }
}

/// <summary>
/// The most frequent value of a window; of several the smallest. Each count that a value comes to is ranked; a count
/// that is not the value's any more is dropped when it comes to the top, or when most are such.
/// </summary>
internal sealed class ModeFold : TallyFold
{
    private const int FewCounts = 16;

    private readonly PriorityQueue<int, (int Count, RuleValue Value)> _ranking = new(
        Comparer<(int Count, RuleValue Value)>.Create(
            static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : RuleValue.Order(a.Value, b.Value)
        )
    );

    public RuleValue Mode
    {
        get
        {
            _ranking.TryPeek(out _, out (int Count, RuleValue Value) first);
            while (first.Count != CountOf(first.Value))
            {
                _ranking.Dequeue();
                _ranking.TryPeek(out _, out first);
            }

            return first.Value;
        }
    }

    protected override void Clear()
    {
        base.Clear();
        _ranking.Clear();
    }

    protected override void CountChanged(in RuleValue value, int after)
    {
        if (after == 0)
        {
            return;
        }

        if (_ranking.Count >= FewCounts + (2 * Distinct))
        {
            _ranking.Clear();
            foreach ((RuleValue known, int count) in Counts)
            {
                _ranking.Enqueue(count, (count, known));
            }

            return;
        }

        _ranking.Enqueue(after, (after, value));
    }
}
