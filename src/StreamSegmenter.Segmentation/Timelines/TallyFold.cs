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
            CountChanged(value, count - 1, count);
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
        CountChanged(value, count + 1, count);
        if (count == 0)
        {
            _counts.Remove(value);
        }
    }

    protected virtual void CountChanged(in RuleValue value, int before, int after) { }
}

/// <summary>The most frequent value of a window; of several the smallest.</summary>
internal sealed class ModeFold : TallyFold
{
    private readonly SortedSet<(int Count, RuleValue Value)> _ranking = new(
        Comparer<(int Count, RuleValue Value)>.Create(
            static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : RuleValue.Order(a.Value, b.Value)
        )
    );

    public RuleValue Mode => _ranking.Min.Value;

    protected override void Clear()
    {
        base.Clear();
        _ranking.Clear();
    }

    protected override void CountChanged(in RuleValue value, int before, int after)
    {
        _ranking.Remove((before, value));
        if (after > 0)
        {
            _ranking.Add((after, value));
        }
    }
}
