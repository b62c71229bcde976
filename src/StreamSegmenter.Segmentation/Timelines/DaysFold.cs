using StreamSegmenter.Segmentation.Rules.Binding;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>On how many calendar days the entries of a window fall.</summary>
internal sealed class DaysFold(CalendarPeriods calendar) : WindowFold
{
    // Entries are in order of time, so each day is one run.
    private readonly Deque<(int Day, int Entries)> _runs = new();

    public int Days => _runs.Count;

    protected override void Clear() => _runs.Clear();

    protected override void Add(Lane lane, int index, long ordinal)
    {
        int day = calendar.DayNumber(lane.TimeAt(index));
        if (_runs.Count == 0 || _runs.Last.Day != day)
        {
            _runs.AddLast((day, 0));
        }

        _runs.Last.Entries++;
    }

    protected override void RemoveOldest(long ordinal)
    {
        if (--_runs.First.Entries == 0)
        {
            _runs.RemoveFirst();
        }
    }
}
