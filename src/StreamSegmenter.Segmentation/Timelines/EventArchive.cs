using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// The events of a source whose <c>where</c> reads traits, as they came, sorted by (event time, log order): when such a
/// trait changes, the lane is filled anew from them.
/// </summary>
internal sealed class EventArchive
{
    private readonly List<(Timestamp At, byte[] Json)> _events = [];

    public IReadOnlyList<(Timestamp At, byte[] Json)> Events => _events;

    public void Insert(Timestamp at, byte[] json)
    {
        int index = _events.Count;
        while (index > 0 && _events[index - 1].At > at)
        {
            index--;
        }

        _events.Insert(index, (at, json));
    }

    /// <summary>
    /// Drops events at or before <paramref name="time"/>, and the oldest beyond <paramref name="max"/>.
    /// </summary>
    public void Trim(Timestamp time, int max)
    {
        int drop = Math.Max(0, _events.Count - max);
        while (drop < _events.Count && _events[drop].At <= time)
        {
            drop++;
        }

        _events.RemoveRange(0, drop);
    }
}
