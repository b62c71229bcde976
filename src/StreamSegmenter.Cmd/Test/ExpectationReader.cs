using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Node.Configuration.Reading;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Test;

/// <summary>
/// Reads what a case expects: <c>{ enters = 3d, by = event, sends = [ chat ] }</c>, <c>{ leaves = 31d }</c>,
/// <c>{ in = 10d }</c>, <c>{ out = 3d-1ms }</c>, or the word <c>never</c> instead of a list.
/// </summary>
internal sealed class ExpectationReader(TimeReader times, Membership @default, ProblemList problems)
{
    public const string Example = "{ enters = 3d }";

    private static readonly string[] Kinds = ["enters", "leaves", "in", "out"];

    private readonly Dictionary<Membership, List<ExpectedMove>> _timelines = [];
    private readonly List<ExpectedMembership> _memberships = [];

    public IReadOnlyList<(Membership Of, IReadOnlyList<ExpectedMove> Moves)> Timelines =>
        [
            .. _timelines.Select(static timeline =>
                (timeline.Key, (IReadOnlyList<ExpectedMove>)[.. timeline.Value.OrderBy(static move => move.At)])
            ),
        ];

    public IReadOnlyList<ExpectedMembership> Memberships => _memberships;

    public void Read(ObjectReader @case, HoconObject written)
    {
        if (written.TryGetValue("expect", out var expect) && expect is HoconString { Text: "never" })
        {
            _timelines[@default] = [];
            return;
        }

        int count = 0;
        foreach (var (path, value) in @case.ReadObjects("expect", Example))
        {
            ReadEntry(new(path, value, problems), value);
            count++;
        }

        if (count == 0 && expect is null or HoconArray { Count: 0 })
        {
            problems.Add(
                @case.PlaceOf("expect"),
                @case.KeyOf("expect"),
                "expects nothing",
                $"write expect = never, or e.g. expect = [ {Example}, {{ leaves = 31d }} ]"
            );
        }
    }

    private void ReadEntry(ObjectReader reader, HoconObject written)
    {
        string[] kinds = [.. Kinds.Where(written.ContainsKey)];
        if (kinds is not [var kind])
        {
            problems.Add(
                written.Origin,
                reader.KeyOf("enters"),
                kinds.Length == 0 ? "says not what is expected" : "expects several things",
                "write one of { enters = 3d }, { leaves = 31d }, { in = 10d }, { out = 2d }"
            );
            return;
        }

        if (times.Require(reader, kind) is not { } at)
        {
            return;
        }

        var of = new Membership(
            reader.ReadText("customer") is { Length: > 0 } customer ? new(customer) : @default.Customer,
            reader.ReadText("segment") is { Length: > 0 } segment ? new(segment) : @default.Segment
        );
        Add(reader, of, kind, at);
    }

    private void Add(ObjectReader reader, Membership of, string kind, Timestamp at)
    {
        if (kind is "in" or "out")
        {
            reader.RefuseAllBut(kind, "customer", "segment");
            _memberships.Add(new(of, at, IsMember: kind == "in"));
            return;
        }

        var cause = ReadCause(reader);
        var sends = reader.ReadTexts("sends", "chat, helpdesk");
        reader.RefuseAllBut(kind, "by", "sends", "customer", "segment");
        if (!_timelines.TryGetValue(of, out var moves))
        {
            _timelines[of] = moves = [];
        }

        moves.Add(new(kind == "enters" ? TransitionKind.Entered : TransitionKind.Exited, at, cause, sends));
    }

    private TransitionCause? ReadCause(ObjectReader reader)
    {
        switch (reader.ReadText("by"))
        {
            case null:
                return null;
            case "event":
                return TransitionCause.Event;
            case "time":
                return TransitionCause.Time;
            case var other:
                problems.Add(
                    reader.PlaceOf("by"),
                    reader.KeyOf("by"),
                    $"expected event or time, got \"{other}\"",
                    "write by = event or by = time"
                );
                return null;
        }
    }
}
