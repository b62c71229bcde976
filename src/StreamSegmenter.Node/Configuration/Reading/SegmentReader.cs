using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>A segment as it was written.</summary>
/// <param name="Path">Where it stands, for people: <c>segments.vip</c>.</param>
/// <param name="Rule">Its rule, which knows where it was written.</param>
/// <param name="Holdout">Of a hundred customers, so many get no push of it.</param>
internal sealed record SegmentReading(
    string Path,
    SegmentDefinition Definition,
    HoconScalar Rule,
    decimal Holdout,
    IReadOnlyList<PushReading> OnEnter,
    IReadOnlyList<PushReading> OnExit
)
{
    public SegmentActions ToActions() =>
        new(Definition, [.. OnEnter.Select(push => push.Target)], [.. OnExit.Select(push => push.Target)]);
}

/// <summary>One entry of <c>on-enter</c> or <c>on-exit</c>.</summary>
/// <param name="Path">Where it stands, for people: <c>segments.vip.on-enter[0]</c>.</param>
/// <param name="Entry">All of it.</param>
internal sealed record PushReading(string Path, PushTarget Target, HoconObject Entry);

/// <summary>
/// Reads <c>segments { NAME { ... } }</c> from the document itself, so that a name may be any text, segments stay in
/// order, and what a push carries keeps its types.
/// </summary>
internal sealed class SegmentReader(ProblemList problems)
{
    public const string Section = "segments";

    /// <summary>The key of a push that names its connector.</summary>
    public const string To = "to";

    private const string PushExample = "{ to = support-chat }";

    /// <summary>Every segment that has a rule, even if something else about it is wrong.</summary>
    public IReadOnlyList<SegmentReading> Read(HoconObject root)
    {
        var readings = new List<SegmentReading>();
        if (root[Section] is not HoconObject segments)
        {
            var found = root[Section];
            problems.Add(
                found.Origin,
                Section,
                $"expected an object, got {found.Description}",
                "write segments { ... }"
            );
            return readings;
        }

        foreach (var (name, value) in segments)
        {
            var path = new HoconPath(Section, name).ToString();
            if (name.Length == 0)
            {
                problems.Add(segments.KeyOrigin(name), path, "a segment needs a name", "write at least one character");
            }
            else if (value is not HoconObject o)
            {
                const string cure = "write { rule = \"...\" }";
                problems.Add(value.Origin, path, $"expected an object, got {value.Description}", cure);
            }
            else if (ReadSegment(name, path, new ObjectReader(path, o, problems)) is { } reading)
            {
                readings.Add(reading);
            }
        }

        return readings;
    }

    private SegmentReading? ReadSegment(string name, string path, ObjectReader reader)
    {
        reader.RefuseAllBut("description", "rule", "on-enter", "on-exit", "cooldown", "holdout", "backfill");
        var description = reader.ReadText("description") ?? "";
        var rule = reader.RequireScalar("rule", "\"count(purchase, 30d) >= 3\"");
        var cooldown = reader.ReadDuration("cooldown");
        var holdout = reader.ReadPercent("holdout");
        var onEnter = ReadPushes(reader, "on-enter");
        var onExit = ReadPushes(reader, "on-exit");
        var backfill = reader.ReadObject("backfill");
        backfill?.RefuseAllBut("push");
        if (rule is null)
        {
            return null;
        }

        var definition = new SegmentDefinition(new SegmentName(name), description, rule.Text, cooldown)
        {
            BackfillPush = backfill?.ReadBoolean("push") ?? false,
        };
        return new(path, definition, rule, holdout, onEnter, onExit);
    }

    private List<PushReading> ReadPushes(ObjectReader segment, string key)
    {
        var pushes = new List<PushReading>();
        foreach (var (path, entry) in segment.ReadObjects(key, PushExample))
        {
            if (new ObjectReader(path, entry, problems).RequireText(To, "support-chat") is { } connector)
            {
                var options = HoconJson.Write(entry.Where(static option => option.Key != To));
                pushes.Add(new(path, new(new(connector), options), entry));
            }
        }

        return pushes;
    }
}
