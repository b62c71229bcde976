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

    // 2024-01-01: a Monday, and the first of a month and a year.
    private static readonly CaseClock DefaultClock = new(new Timestamp(1_704_067_200_000));

    /// <summary>The file's text; null when it cannot be read.</summary>
    public CaseDocument? Open(string path)
    {
        try
        {
            var root = HoconDocument.Load(path, HoconReaderOptions.System).ResolveObject();
            return new(path, root, ConfigBeside(path, Keys(root).ReadText("config")));
        }
        catch (HoconException unreadable)
        {
            problems.Add(unreadable.Origin, unreadable.Problem);
            return null;
        }
    }

    public CaseFile Read(CaseDocument document, NodeConfiguration configuration)
    {
        var keys = Keys(document.Root);
        keys.RefuseAllBut("config", "segment", "start", "cases");
        var start = new TimeReader(DefaultClock, problems).Read(keys, "start");
        SegmentName[] known = [.. configuration.Segments.Select(static segment => segment.Segment.Name)];
        var segment = SegmentOf(keys, Path.GetFileName(document.Path), known);
        var reader = new CaseReader(start is { } given ? new(given) : DefaultClock, segment, known, problems);
        SegmentCase[] cases = [.. Cases(document.Root).Select(reader.Read)];
        if (cases.Length == 0)
        {
            problems.Add(document.Root.Origin, "cases", "there are none", "write cases { \"enters at once\" { ... } }");
        }

        return new(document.Path, configuration, cases);
    }

    private ObjectReader Keys(HoconObject root) => new("", root, problems);

    private IEnumerable<WrittenCase> Cases(HoconObject root)
    {
        if (!root.TryGetValue("cases", out var written) || written is not HoconObject cases)
        {
            yield break;
        }

        foreach (var (name, value) in cases)
        {
            var path = new HoconPath("cases", name).ToString();
            if (value is HoconObject o)
            {
                yield return new(name, cases.KeyOrigin(name) ?? o.Origin, o, new(path, o, problems));
            }
            else
            {
                problems.Add(value.Origin, path, $"expected an object, got {value.Description}", "write { ... }");
            }
        }
    }

    /// <summary>As written, or the one that the file is named for, or the only one.</summary>
    private static SegmentName? SegmentOf(ObjectReader keys, string file, SegmentName[] known)
    {
        if (keys.ReadText("segment") is { Length: > 0 } written)
        {
            return new(written);
        }

        var named = file.Replace(Ending, "", StringComparison.Ordinal);
        return known.Cast<SegmentName?>().FirstOrDefault(name => name!.Value.Value == named)
            ?? (known is [var only] ? only : null);
    }

    /// <summary>What the file names, or the segment's own file: <c>vip.conf</c> for <c>vip.cases.conf</c>.</summary>
    private static string? ConfigBeside(string path, string? named)
    {
        var folder = Path.GetDirectoryName(path) ?? "";
        if (named is not null)
        {
            return Path.Combine(folder, named);
        }

        return path.EndsWith(Ending, StringComparison.Ordinal) ? $"{path[..^Ending.Length]}.conf" : null;
    }
}
