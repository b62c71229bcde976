using StreamSegmenter.Oracle.Language;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>How long a messageId counts as seen.</summary>
internal sealed class Remembrance(RuleSet rules, CalendarPeriods calendar, long horizon)
{
    /// <summary>What each window sees, and how far back from an instant inside it events still matter.</summary>
    private readonly IReadOnlyList<(string? Event, Window Window, long? Reach)> _sights =
    [
        .. rules.Segments.SelectMany(segment => segment.Rule.SelfAndDescendants).SelectMany(Sights),
    ];

    public bool Remembers(FirstSeen first, long logTime) =>
        logTime - first.LogTime <= horizon
        || _sights
            .Where(sight => sight.Event is null || sight.Event == first.Event.Name)
            .Any(sight => sight.Reach is not { } reach || MaySee(sight.Window, first.Event.Time + reach, logTime));

    private bool MaySee(Window window, long instant, long now) =>
        window switch
        {
            Sliding sliding => instant + sliding.Duration + sliding.Offset > now,
            ThisPeriod period => instant >= calendar.StartAt(period.Period, now),
            _ => true,
        };

    private static IEnumerable<(string? Event, Window Window, long? Reach)> Sights(Node node)
    {
        var (sources, window, reach) = node switch
        {
            Aggregate aggregate => ((IReadOnlyList<Source>)[aggregate.Source], aggregate.Window, (long?)0),
            Sequence sequence => ([.. sequence.Steps.Select(step => step.Source)], sequence.Window, Reach(sequence)),
            _ => ([], new Ever(), null),
        };
        foreach (var source in sources)
        {
            yield return (source.Event, window, reach);
        }

        if (window is AfterEvent after)
        {
            yield return (after.Anchor.Event, new Ever(), null);
        }
    }

    /// <summary>The longest time from a sequence's first step to its completion; null: no limit.</summary>
    private static long? Reach(Sequence sequence) =>
        sequence.Total
        ?? sequence
            .Steps.Skip(1)
            .Where((step, index) => !step.Forbidden || index == sequence.Steps.Count - 2)
            .Aggregate((long?)0, (sum, step) => sum + step.Within);
}
