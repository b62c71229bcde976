namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// A result over the entries of a window, kept up to date as entries come at the newer end and go at the older one.
/// </summary>
internal abstract class WindowFold : LaneMemory
{
    private long _from;
    private long _to;

    /// <summary>Makes the result that of the entries [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void MoveTo(Lane lane, int from, int to)
    {
        (long first, long end) = (lane.OrdinalOf(from), lane.OrdinalOf(to));
        if (!Follows(lane) || first < _from || end < _to || first > _to)
        {
            Clear();
            _from = _to = first;
        }

        for (; _to < end; _to++)
        {
            Add(lane, lane.IndexOf(_to), _to);
        }

        for (; _from < first; _from++)
        {
            RemoveOldest(_from);
        }
    }

    /// <summary>An entry newer than all so far.</summary>
    protected abstract void Add(Lane lane, int index, long ordinal);

    /// <summary>The oldest entry left the window; the lane may not hold it any more.</summary>
    protected abstract void RemoveOldest(long ordinal);
}
