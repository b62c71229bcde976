using System.Numerics;
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
    private readonly bool _keepsSteps;
    private RuleValue[] _values = [];
    private uint[] _steps = [];
    private long[] _times;
    private long _compacted;

    public Lane(LaneContent content, int capacity = 0)
    {
        _times = capacity == 0 ? [] : new long[capacity];
        _numbers = content == LaneContent.Numbers ? new(capacity) : null;
        _keepsValues = content == LaneContent.Values;
        _keepsSteps = content == LaneContent.Steps;
    }

    /// <summary>
    /// Grows whenever entries change other than by appending, or by dropping those that no window reaches: what was
    /// worked out step by step from the entries must then be worked out anew.
    /// </summary>
    public int Rewrites { get; private set; }

    /// <summary>The index of the oldest entry.</summary>
    public int Start { get; private set; }

    /// <summary>The index after the newest entry.</summary>
    public int End { get; private set; }

    public int Count => End - Start;

    /// <summary>
    /// Numbers entries for good: an entry keeps its ordinal while indexes move, as long as <see cref="Rewrites"/>
    /// stays.
    /// </summary>
    public long OrdinalOf(int index) => index + _compacted;

    public int IndexOf(long ordinal) => (int)(ordinal - _compacted);

    public Timestamp TimeAt(int index) => new(_times[index]);

    public RuleValue ValueAt(int index) => _numbers is null ? _values[index] : RuleValue.Number(_numbers[index]);

    public decimal NumberAt(int index) => _numbers![index];

    /// <summary>Which steps of a sequence the event fits, as bits.</summary>
    public uint StepsAt(int index) => _steps[index];

    /// <summary>Whether no number is below zero, so that sums only shrink as entries leave.</summary>
    public bool SumsShrink => !_numbers!.HasNegative;

    public decimal Sum(int from, int to) => _numbers!.Sum(from, to);

    /// <inheritdoc cref="NumberColumn.Average"/>
    public decimal Average(int from, int to) => _numbers!.Average(from, to);

    /// <inheritdoc cref="NumberColumn.FirstBelow"/>
    public int FirstBelow(int from, int to, decimal bound, bool inside) =>
        _numbers!.FirstBelow(from, to, bound, inside);

    /// <summary>Inserts after all entries of the same or an earlier time.</summary>
    public void Insert(Timestamp time, in RuleValue value)
    {
        int index = MakeRoom(time);
        _numbers?.Insert(index, End - 1, _times.Length, value.Amount);
        if (_keepsValues)
        {
            InsertInto(ref _values, index, value);
        }
    }

    /// <summary>As <see cref="Insert(Timestamp, in RuleValue)"/>, for a lane of times.</summary>
    public void Insert(Timestamp time) => MakeRoom(time);

    /// <summary>As <see cref="Insert(Timestamp, in RuleValue)"/>, for a lane of steps.</summary>
    public void InsertSteps(Timestamp time, uint steps) => InsertInto(ref _steps, MakeRoom(time), steps);

    /// <summary>The index of the first entry later than <paramref name="time"/>.</summary>
    public int FirstAfter(Timestamp time)
    {
        (int low, int high) = (Start, End);
        if (low == high || _times[low] > time.Milliseconds)
        {
            // The longest window begins where the lane does.
            return low;
        }

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

    public void DropOldest(int count)
    {
        StartFrom(Start + count);
        Rewrites++;
    }

    private void StartFrom(int first)
    {
        if (_keepsValues)
        {
            Array.Clear(_values, Start, first - Start);
        }

        Start = first;
    }

    // Opens a gap for an entry, counts it, and returns its index.
    private int MakeRoom(Timestamp time)
    {
        bool appends = End == Start || _times[End - 1] <= time.Milliseconds;
        int index = appends ? End : FirstAfter(time);
        Rewrites += appends ? 0 : 1;
        if (End == _times.Length)
        {
            index -= Compact();
            Array.Resize(ref _times, CapacityFor(End + 1, _times.Length));
        }

        if (index < End)
        {
            Array.Copy(_times, index, _times, index + 1, End - index);
        }

        _times[index] = time.Milliseconds;
        End++;
        return index;
    }

    // Powers of two, and more only when the entries take three quarters: a window whose entries come and go, now some
    // more and now some less, soon has all the room that it will need.
    private static int CapacityFor(int entries, int capacity) =>
        4L * entries <= 3L * capacity
            ? capacity
            : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(SmallestCapacity, capacity + 1));

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

        if (_keepsSteps)
        {
            Array.Copy(_steps, Start, _steps, 0, Count);
        }

        (Start, End) = (0, Count);
        _compacted += moved;
        return moved;
    }

    // The room was made: End counts the entry already.
    private void InsertInto<T>(ref T[] column, int index, in T value)
    {
        if (column.Length < _times.Length)
        {
            Array.Resize(ref column, _times.Length);
        }

        if (index < End - 1)
        {
            Array.Copy(column, index, column, index + 1, End - 1 - index);
        }

        column[index] = value;
    }
}
