using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>How often each string, number or boolean occurs in a window.</summary>
internal class TallyFold : WindowFold
{
    // So many are looked at one after the other faster than a dictionary, whose parts lie apart, finds one.
    private const int Few = 8;

    // The place of an entry whose value does not count.
    private const int Nowhere = -1;

    // For each entry, the place of its value among the counted ones.
    private readonly Deque<int> _entries = new();
    private Counted[] _counted = [];
    private int _places;

    // Where each value is, and which places are free: once there have been more than a few.
    private Dictionary<RuleValue, int>? _placeOf;
    private readonly Stack<int> _free = [];

    /// <summary>How many different values there are.</summary>
    public int Distinct { get; private set; }

    /// <summary>All that are counted, and some that occur never.</summary>
    protected ReadOnlySpan<Counted> Counts => _counted.AsSpan(0, _places);

    protected int CountOf(in RuleValue value) => Find(value) is var place and >= 0 ? _counted[place].Count : 0;

    protected override void Clear()
    {
        _entries.Clear();
        Array.Clear(_counted);
        _placeOf?.Clear();
        _free.Clear();
        (_places, Distinct) = (0, 0);
    }

    protected override void Add(Lane lane, int index, long ordinal)
    {
        RuleValue value = lane.ValueAt(index);
        if (!value.IsScalar)
        {
            _entries.AddLast(Nowhere);
            return;
        }

        int place = Find(value);
        place = place >= 0 ? place : Enter(value);
        _entries.AddLast(place);
        CountChanged(value, ++_counted[place].Count);
    }

    protected override void RemoveOldest(long ordinal)
    {
        int place = _entries.First;
        _entries.RemoveFirst();
        if (place == Nowhere)
        {
            return;
        }

        ref Counted counted = ref _counted[place];
        counted.Count--;
        CountChanged(counted.Value, counted.Count);
        if (counted.Count == 0)
        {
            Leave(place);
        }
    }

    protected virtual void CountChanged(in RuleValue value, int after) { }

    private int Find(in RuleValue value)
    {
        if (_placeOf is not null)
        {
            return _placeOf.GetValueOrDefault(value, Nowhere);
        }

        for (int place = 0; place < _places; place++)
        {
            if (_counted[place].Count > 0 && _counted[place].Value.Equals(value))
            {
                return place;
            }
        }

        return Nowhere;
    }

    private int Enter(in RuleValue value)
    {
        if (!_free.TryPop(out int place))
        {
            place = _places++;
            if (place == _counted.Length)
            {
                Array.Resize(ref _counted, Math.Max(Few / 2, 2 * place));
            }
        }

        _counted[place].Value = value;
        Distinct++;
        if (_placeOf is null && Distinct > Few)
        {
            _placeOf = Enumerable.Range(0, _places).ToDictionary(each => _counted[each].Value);
        }
        else
        {
            _placeOf?.Add(value, place);
        }

        return place;
    }

    private void Leave(int place)
    {
        _placeOf?.Remove(_counted[place].Value);
        _counted[place] = default;
        _free.Push(place);
        Distinct--;
    }

    /// <summary>A value and how often it occurs; never, if the place is free.</summary>
    protected struct Counted
    {
        public RuleValue Value;
        public int Count;
    }
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
            foreach (ref readonly Counted known in Counts)
            {
                if (known.Count > 0)
                {
                    _ranking.Enqueue(known.Count, (known.Count, known.Value));
                }
            }

            return;
        }

        _ranking.Enqueue(after, (after, value));
    }
}
