using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Rules.Syntax;

namespace StreamSegmenter.Segmentation.Timelines;

/// <summary>For how long after its time an event is inside some of the windows that read it.</summary>
internal sealed class WindowReach
{
    private (CalendarPeriod Period, long Before)[] _periods = [];
    private long _sliding;

    /// <summary>
    /// In milliseconds, at most; <see cref="long.MaxValue"/> for ever.
    /// </summary>
    public long Longest { get; private set; }

    /// <summary>Whether more than the newest event is needed for ever.</summary>
    public bool AllForEver { get; private set; }

    /// <summary>Whether the newest event is needed for ever.</summary>
    public bool NewestForEver { get; private set; }

    public bool ForEver => AllForEver || NewestForEver;

    public void RequireAllForEver() => AllForEver = true;

    public void RequireNewestForEver() => NewestForEver = true;

    /// <summary>A sliding window reads <paramref name="milliseconds"/> back.</summary>
    public void RequireSliding(long milliseconds)
    {
        _sliding = Math.Max(_sliding, milliseconds);
        Longest = Math.Max(Longest, milliseconds);
    }

    /// <summary>A calendar window reads <paramref name="before"/> milliseconds beyond its beginning.</summary>
    public void RequirePeriod(CalendarPeriod period, long before)
    {
        if (_periods.Any(known => known.Period == period && known.Before >= before))
        {
            return;
        }

        _periods = [.. _periods.Where(known => known.Period != period), (period, before)];
        Longest = Math.Max(Longest, CalendarPeriods.LongestMilliseconds(period) + before);
    }

    public void Include(WindowReach other)
    {
        RequireSliding(other._sliding);
        foreach ((CalendarPeriod period, long before) in other._periods)
        {
            RequirePeriod(period, before);
        }

        AllForEver |= other.AllForEver;
        NewestForEver |= other.NewestForEver;
    }

    /// <summary>The last instant at which an event of that time is inside one of the windows.</summary>
    public Timestamp InsideUntil(Timestamp eventTime, CalendarPeriods calendar)
    {
        if (ForEver)
        {
            return Timestamp.Never;
        }

        Timestamp last = eventTime.Plus(_sliding - 1);
        foreach ((CalendarPeriod period, long before) in _periods)
        {
            last = Timestamp.Max(last, calendar.Around(eventTime.Plus(before), period).Next.Minus(1));
        }

        return last;
    }

    /// <summary>Whether an event of that time can still matter, or ever will.</summary>
    public bool Reaches(Timestamp eventTime, Timestamp now) => ForEver || eventTime > now.Minus(Longest);
}
