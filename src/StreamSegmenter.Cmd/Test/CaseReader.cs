using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Node.Configuration.Reading;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Test;

/// <summary>A case as it stands in a file.</summary>
internal sealed record WrittenCase(string Name, HoconOrigin Place, HoconObject Value, ObjectReader Keys);

/// <summary>Reads the cases of one file.</summary>
/// <param name="segment">What a case is about that does not say it itself; null if the file does not say it.</param>
/// <param name="known">All segments of the configuration.</param>
internal sealed class CaseReader(
    CaseClock clock,
    SegmentName? segment,
    IReadOnlyCollection<SegmentName> known,
    ProblemList problems
)
{
    private const string DefaultCustomer = "c";

    public SegmentCase Read(WrittenCase written)
    {
        var keys = written.Keys;
        keys.RefuseAllBut("events", "expect", "until", "segment", "customer");
        var times = new TimeReader(clock, problems);
        var customer = keys.ReadText("customer") is { Length: > 0 } named ? named : DefaultCustomer;
        var expectations = new ExpectationReader(times, new(new(customer), SegmentOf(written)), problems);
        expectations.Read(keys, written.Value);
        var events = new CaseEventReader(times, customer, problems).Read(keys);
        RefuseUnknown(keys, expectations);
        return new(
            written.Name,
            written.Place,
            clock,
            events,
            UntilOf(keys, times, events, expectations),
            expectations.Timelines,
            expectations.Memberships
        );
    }

    private SegmentName SegmentOf(WrittenCase written)
    {
        var about = written.Keys.ReadText("segment") is { Length: > 0 } own ? new SegmentName(own) : segment;
        if (about is { } found)
        {
            return found;
        }

        const string cure = "add segment = NAME to the case or at the top of the file";
        problems.Add(
            written.Value.Origin,
            new HoconPath("cases", written.Name).ToString(),
            "says not which segment it is about",
            cure
        );
        return known.FirstOrDefault(new SegmentName("none"));
    }

    private void RefuseUnknown(ObjectReader keys, ExpectationReader read)
    {
        var named = read.Timelines.Select(static t => t.Of).Concat(read.Memberships.Select(static m => m.Of));
        foreach (var unknown in named.Select(static of => of.Segment).Distinct().Except(known))
        {
            problems.Add(
                keys.PlaceOf("expect"),
                keys.KeyOf("expect"),
                $"there is no segment \"{unknown}\"",
                $"known here: {string.Join(", ", known.Order())}"
            );
        }
    }

    /// <summary>As written, or the last time that the case names.</summary>
    private Timestamp UntilOf(
        ObjectReader keys,
        TimeReader times,
        IReadOnlyList<CaseEvent> events,
        ExpectationReader expectations
    )
    {
        var latest = events
            .Select(static e => e.Received)
            .Concat(expectations.Timelines.SelectMany(static t => t.Moves).Select(static move => move.At))
            .Concat(expectations.Memberships.Select(static m => m.At))
            .DefaultIfEmpty(clock.Start)
            .Max();
        var until = times.Read(keys, "until") ?? latest;
        if (until < latest)
        {
            problems.Add(
                keys.PlaceOf("until"),
                keys.KeyOf("until"),
                $"ends before the last time in the case, {clock.WriteShort(latest)}",
                "write a later time or remove it"
            );
        }

        return until;
    }
}
