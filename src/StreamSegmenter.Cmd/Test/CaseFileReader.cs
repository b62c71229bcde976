using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Values;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Configuration.Reading;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Test;

/// <summary>What a file of cases says before its configuration is known.</summary>
/// <param name="Config">The configuration that it names, from where the program stands; null if it names none.</param>
internal sealed record CaseDocument(string Path, HoconObject Root, string? Config);

/// <summary>Reads files of cases; what is wrong with them goes to the problems.</summary>
internal sealed class CaseFileReader(ProblemList problems)
{
    public const string Ending = ".cases.conf";

    private const string DefaultCustomer = "c";

    // A Monday and the first of a month and a year.
    private static readonly Timestamp DefaultStart = new(1_704_067_200_000);

    /// <summary>The file's text; null when it cannot be read.</summary>
    public CaseDocument? Open(string path)
    {
        try
        {
            var root = HoconDocument.Load(path, HoconReaderOptions.System).ResolveObject();
            var reader = new ObjectReader("", root, problems);
            return new(path, root, ConfigBeside(path, reader.ReadText("config")));
        }
        catch (HoconException unreadable)
        {
            problems.Add(unreadable.Origin, unreadable.Problem);
            return null;
        }
    }

    public CaseFile Read(CaseDocument document, NodeConfiguration configuration)
    {
        var cases = new List<SegmentCase>();
        var reader = new CaseScope(document, problems);
        reader.Keys.RefuseAllBut("config", "segment", "start", "cases");
        var start = reader.ReadStart(DefaultStart);
        var segment = reader.ReadSegment(configuration, Path.GetFileName(document.Path));
        if (document.Root.TryGetValue("cases", out var written) && written is HoconObject list)
        {
            foreach (var (name, value) in list)
            {
                var path = new HoconPath("cases", name).ToString();
                if (value is HoconObject o)
                {
                    cases.Add(
                        ReadCase(name, path, o, start, segment, configuration) with
                        {
                            Place = list.KeyOrigin(name)!.Value,
                        }
                    );
                }
                else
                {
                    problems.Add(value.Origin, path, $"expected an object, got {value.Description}", "write { ... }");
                }
            }
        }

        if (cases.Count == 0)
        {
            problems.Add(document.Root.Origin, "cases", "there are none", "write cases { \"enters at once\" { ... } }");
        }

        return new(document.Path, configuration, cases);
    }

    private SegmentCase ReadCase(
        string name,
        string path,
        HoconObject written,
        Timestamp start,
        SegmentName? segment,
        NodeConfiguration configuration
    )
    {
        var reader = new ObjectReader(path, written, problems);
        reader.RefuseAllBut("events", "expect", "until", "segment", "customer");
        var clock = new CaseClock(start);
        var customer = reader.ReadText("customer") is { Length: > 0 } named ? named : DefaultCustomer;
        var about = reader.ReadText("segment") is { Length: > 0 } other ? new SegmentName(other) : segment;
        if (about is null)
        {
            const string cure = "add segment = NAME to the case or at the top of the file";
            problems.Add(written.Origin, path, "says not which segment it is about", cure);
        }

        var expectations = new ExpectationReader(clock, new(new(customer), about ?? new("none")), problems);
        expectations.Read(reader, written);
        RefuseUnknownSegments(reader, expectations, configuration);
        var events = new CaseEventReader(clock, customer, problems).Read(reader);
        var latest = events
            .Select(static e => e.Received)
            .Concat(expectations.Timelines.SelectMany(static t => t.Moves).Select(static move => move.At))
            .Concat(expectations.Memberships.Select(static m => m.At))
            .Append(start)
            .Max();
        return new(
            name,
            written.Origin,
            clock,
            events,
            ReadUntil(reader, clock, latest),
            expectations.Timelines,
            expectations.Memberships
        );
    }

    private Timestamp ReadUntil(ObjectReader @case, CaseClock clock, Timestamp latest)
    {
        var until = CaseScope.ReadTime(@case, "until", clock, problems) ?? latest;
        if (until < latest)
        {
            problems.Add(
                @case.PlaceOf("until"),
                @case.KeyOf("until"),
                $"ends before the last time in the case, {clock.WriteShort(latest)}",
                "write a later time or remove it"
            );
        }

        return until;
    }

    private void RefuseUnknownSegments(ObjectReader @case, ExpectationReader read, NodeConfiguration configuration)
    {
        var known = configuration.Segments.Select(static segment => segment.Segment.Name).ToHashSet();
        var named = read.Timelines.Select(static t => t.Of).Concat(read.Memberships.Select(static m => m.Of));
        foreach (var unknown in named.Select(static of => of.Segment).Distinct().Where(name => !known.Contains(name)))
        {
            problems.Add(
                @case.PlaceOf("expect"),
                @case.KeyOf("expect"),
                $"there is no segment \"{unknown}\"",
                $"known here: {string.Join(", ", known.Order())}"
            );
        }
    }

    /// <summary>What the file names, or the segment's own file: <c>vip.conf</c> for <c>vip.cases.conf</c>.</summary>
    private static string? ConfigBeside(string path, string? named)
    {
        var folder = Path.GetDirectoryName(path) ?? "";
        var beside = Path.GetFileName(path).Replace(Ending, ".conf", StringComparison.Ordinal);
        return named is not null ? Path.Combine(folder, named)
            : path.EndsWith(Ending, StringComparison.Ordinal) ? Path.Combine(folder, beside)
            : null;
    }
}
