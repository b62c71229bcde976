using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Rules.Binding;
using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>The entries of a lane that a window holds right now: indexes [From, To).</summary>
internal readonly record struct LaneRange(Lane? Lane, int From, int To)
{
    public int Count => To - From;

    public bool IsEmpty => From >= To;
}

/// <summary>Which part of a lane an aggregate depends on: decides when time alone may change it.</summary>
internal enum WindowInterest
{
    /// <summary>Any entry that comes or goes.</summary>
    All,

    /// <summary>Only the newest entry in the window.</summary>
    Newest,
}

internal static class WindowResolver
{
    /// <summary>Finds the window's entries and reports to the frame when time alone may change them.</summary>
    public static LaneRange Resolve(
        EvaluationFrame frame,
        LaneDefinition definition,
        BoundWindow window,
        WindowInterest interest
    )
    {
        Lane? lane = frame.Lane(definition);
        if (lane is null)
        {
            return default;
        }

        return window switch
        {
            BoundWindow.Sliding sliding => Sliding(frame, lane, sliding, interest),
            BoundWindow.Anchored anchored => After(lane, Anchor(frame, anchored)),
            BoundWindow.Calendar calendar => Calendar(frame, lane, calendar),
            _ => new(lane, lane.Start, lane.End),
        };
    }

    private static LaneRange Sliding(
        EvaluationFrame frame,
        Lane lane,
        BoundWindow.Sliding window,
        WindowInterest interest
    )
    {
        long age = window.Length + window.Offset;
        Timestamp start = frame.Now.Minus(age);
        int to = window.Offset == 0 ? lane.End : lane.FirstAfter(frame.Now.Minus(window.Offset));
        bool isNewestInside = interest == WindowInterest.Newest && to > lane.Start && lane.TimeAt(to - 1) > start;
        int from = isNewestInside ? to - 1 : lane.FirstAfter(start);
        if (from < to)
        {
            int leaving = interest == WindowInterest.All ? from : to - 1;
            frame.MayChangeAt(lane.TimeAt(leaving).Plus(age));
        }

        if (to < lane.End)
        {
            frame.MayChangeAt(lane.TimeAt(to).Plus(window.Offset));
        }

        return new(lane, from, to);
    }

    private static LaneRange After(Lane lane, Timestamp anchor) => new(lane, lane.FirstAfter(anchor), lane.End);

    /// <summary>The time of the anchor; before all times if there is none.</summary>
    public static Timestamp Anchor(EvaluationFrame frame, BoundWindow.Anchored window) =>
        frame.Lane(window.Anchor) is { Count: > 0 } anchor
            ? anchor.TimeAt(window.Last ? anchor.End - 1 : anchor.Start)
            : Timestamp.Beginning;

    private static LaneRange Calendar(EvaluationFrame frame, Lane lane, BoundWindow.Calendar window)
    {
        (Timestamp start, Timestamp next) = frame.Calendar.Around(frame.Now, window.Period);
        var range = After(lane, start.Minus(1));
        if (!range.IsEmpty)
        {
            frame.MayChangeAt(next);
        }

        return range;
    }
}
