using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// One source's events of one customer, sorted by (event time, log order). Indexes are valid until the next insertion
/// or eviction. Windows of any length are ranges found by binary search; none has state of its own.
/// </summary>
internal sealed class Lane
{
    private const int SmallestCapacity = 4;

    private readonly NumberColumn? _numbers;
    private readonly bool _keepsValues;
    private RuleValue[] _values = [];
    private long[] _times;

    public Lane(LaneContent content, int capacity = 0)
    {
        _times = capacity == 0 ? [] : new long[capacity];
        _numbers = content == LaneContent.Numbers ? new(capacity) : null;
        _keepsValues = content == LaneContent.Values;
    }

    /// <summary>The index of the oldest entry.</summary>
    public int Start { get; private set; }

    /// <summary>The index after the newest entry.</summary>
    public int End { get; private set; }

    public int Count => End - Start;

    public Timestamp TimeAt(int index) => new(_times[index]);

    public RuleValue ValueAt(int index) => _numbers is null ? _values[index] : RuleValue.Number(_numbers[index]);

    public decimal NumberAt(int index) => _numbers![index];

    public decimal Sum(int from, int to) => _numbers!.Sum(from, to);

    /// <summary>Inserts after all entries of the same or an earlier time.</summary>
    public void Insert(Timestamp time, in RuleValue value)
    {
        int index = End == Start || _times[End - 1] <= time.Milliseconds ? End : FirstAfter(time);
        if (End == _times.Length)
        {
            index -= Compact();
            Array.Resize(ref _times, Math.Max(SmallestCapacity, Math.Max(_times.Length, End * 2)));
        }

        _numbers?.Insert(index, End, _times.Length, value.Amount);
        if (_keepsValues)
        {
            InsertValue(index, value);
        }

        Array.Copy(_times, index, _times, index + 1, End - index);
        _times[index] = time.Milliseconds;
        End++;
    }

    /// <summary>The index of the first entry later than <paramref name="time"/>.</summary>
    public int FirstAfter(Timestamp time)
    {
        (int low, int high) = (Start, End);
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (_times[middle] <= time.Milliseconds)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>
    /// Drops entries at or before <paramref name="time"/>, but keeps the newest <paramref name="keep"/>.
    /// </summary>
    public void Evict(Timestamp time, int keep) => StartFrom(Math.Min(FirstAfter(time), Math.Max(Start, End - keep)));

    public void DropOldest(int count) => StartFrom(Start + count);

    private void StartFrom(int first)
    {
        Array.Clear(_values, Math.Min(Start, _values.Length), _keepsValues ? first - Start : 0);
        Start = first;
    }

    // Returns by how much the entries moved towards the front.
    private int Compact()
    {
        int moved = Start;
        if (moved == 0)
        {
            return 0;
        }

        Array.Copy(_times, Start, _times, 0, Count);
        _numbers?.Compact(Start, End);
        if (_keepsValues)
        {
            Array.Copy(_values, Start, _values, 0, Count);
        }

        (Start, End) = (0, Count);
        return moved;
    }

    private void InsertValue(int index, in RuleValue value)
    {
        if (_values.Length < _times.Length)
        {
            Array.Resize(ref _values, _times.Length);
        }

        Array.Copy(_values, index, _values, index + 1, End - index);
        _values[index] = value;
    }
}
