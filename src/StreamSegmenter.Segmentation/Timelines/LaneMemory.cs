namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// What was worked out from a customer's lane, entry by entry, so that the next answer need not start from the first
/// entry again. It follows from the lane alone: it is never stored and can be thrown away at any time.
/// </summary>
internal abstract class LaneMemory
{
    private Lane? _lane;
    private int _rewrites;

    /// <summary>
    /// Whether all entries seen so far are as they were; else forgets them, and the lane is to be read anew.
    /// </summary>
    protected bool Follows(Lane lane)
    {
        if (lane == _lane && lane.Rewrites == _rewrites)
        {
            return true;
        }

        (_lane, _rewrites) = (lane, lane.Rewrites);
        Clear();
        return false;
    }

    protected abstract void Clear();
}
