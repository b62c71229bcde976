namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>
/// How far occurrences of a sequence have come for one customer. Of all ways to have come to a step, those are kept
/// that no other beats: a later last event (for <c>within</c>) or a later first one (for <c>total</c>). Without
/// <c>within</c> or without <c>total</c> that is one a step.
/// </summary>
internal sealed class SequenceProgress : LaneMemory
{
    private readonly SequencePattern _pattern;
    private readonly Deque<Partial>[] _partials;
    private readonly Deque<long> _completions = new();
    private long _next;
    private long _newest;

    public SequenceProgress(SequencePattern pattern)
    {
        _pattern = pattern;
        _partials = new Deque<Partial>[pattern.Steps.Count - 1];
        for (int i = 0; i < _partials.Length; i++)
        {
            _partials[i] = new();
        }
    }

    /// <summary>Takes in the lane's new entries.</summary>
    public void CatchUp(Lane lane)
    {
        long start = lane.OrdinalOf(lane.Start);
        _next = Follows(lane) ? Math.Max(_next, start) : start;
        for (long end = lane.OrdinalOf(lane.End); _next < end; _next++)
        {
            int index = lane.IndexOf(_next);
            Take(lane.TimeAt(index).Milliseconds, lane.StepsAt(index));
        }
    }

    /// <summary>
    /// The newest completion at or before <paramref name="until"/>, and the first after it; null where there is none.
    /// <paramref name="until"/> must not go back from call to call.
    /// </summary>
    public (long? Newest, long? Following) Around(long until)
    {
        // One that an event to come may still forbid must not hide those before it.
        while (_completions.Count > 1 && _completions[1] <= until && IsSettled(_completions[1]))
        {
            _completions.RemoveFirst();
        }

        long? newest = null;
        for (int i = 0; i < _completions.Count; i++)
        {
            if (_completions[i] > until)
            {
                return (newest, _completions[i]);
            }

            newest = _completions[i];
        }

        return (newest, null);
    }

    protected override void Clear()
    {
        foreach (Deque<Partial> partials in _partials)
        {
            partials.Clear();
        }

        _completions.Clear();
        _newest = long.MinValue;
    }

    private bool IsSettled(long completion) => _pattern.Wait == 0 || completion < _newest;

    // From the last step to the first, so that one event never stands for two steps of one occurrence.
    private void Take(long time, uint steps)
    {
        _newest = time;
        for (int i = _pattern.Steps.Count - 1; i >= 0; i--)
        {
            RequiredStep step = _pattern.Steps[i];
            bool fits = (steps & step.Steps) != 0;
            long? first =
                !fits ? null
                : i == 0 ? time
                : LatestStart(i - 1, step.Within, time);
            Forbid(i, time, steps);
            if (first is { } start)
            {
                Reach(i, new(start, time));
            }
        }
    }

    private void Reach(int step, Partial reached)
    {
        if (step < _partials.Length)
        {
            Keep(_partials[step], step, reached);
            return;
        }

        long completion = reached.Last + _pattern.Wait;
        if (_pattern.Total is not { } total || completion - reached.First <= total)
        {
            _completions.AddLast(completion);
        }
    }

    private void Keep(Deque<Partial> partials, int step, Partial reached)
    {
        if (!_pattern.Steps[step].OlderMayOutlive)
        {
            bool firstMatters = _pattern.Total is not null;
            bool lastMatters = _pattern.Steps[step + 1].Within is not null;
            while (partials.Count > 0 && (!firstMatters || partials.Last.First <= reached.First))
            {
                partials.RemoveLast();
            }

            if (partials.Count > 0 && !lastMatters)
            {
                return;
            }
        }

        partials.AddLast(reached);
    }

    private long? LatestStart(int step, long? within, long time)
    {
        Deque<Partial> partials = _partials[step];
        while (within is { } limit && partials.Count > 0 && time - partials.First.Last > limit)
        {
            partials.RemoveFirst();
        }

        long latest = long.MinValue;
        for (int i = 0; i < partials.Count; i++)
        {
            latest = Math.Max(latest, partials[i].First);
            if (!_pattern.Steps[step].OlderMayOutlive)
            {
                // Only what starts later than all newer ones was kept.
                break;
            }
        }

        return partials.Count > 0 && (_pattern.Total is not { } total || time - latest <= total) ? latest : null;
    }

    private void Forbid(int step, long time, uint steps)
    {
        foreach (ForbiddenStep forbidden in _pattern.Steps[step].Forbidden)
        {
            if ((steps & forbidden.Steps) == 0)
            {
                continue;
            }

            if (step < _partials.Length)
            {
                Deque<Partial> partials = _partials[step];
                while (
                    partials.Count > 0 && (forbidden.Within is null || time - partials.Last.Last <= forbidden.Within)
                )
                {
                    partials.RemoveLast();
                }
            }
            else
            {
                ForbidCompletions(time, Math.Min(forbidden.Within ?? long.MaxValue, _pattern.Wait));
            }
        }
    }

    private void ForbidCompletions(long time, long within)
    {
        while (_completions.Count > 0 && time - (_completions.Last - _pattern.Wait) <= within)
        {
            _completions.RemoveLast();
        }
    }

    /// <summary>A way to have come to a step: the times of its first and last event.</summary>
    private readonly record struct Partial(long First, long Last);
}
