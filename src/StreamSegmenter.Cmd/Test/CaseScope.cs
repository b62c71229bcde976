using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Configuration.Reading;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Test;

/// <summary>What the head of a file says for all of its cases.</summary>
internal sealed class CaseScope(CaseDocument document, ProblemList problems)
{
    public ObjectReader Keys { get; } = new("", document.Root, problems);

    public static Timestamp? ReadTime(ObjectReader reader, string key, CaseClock clock, ProblemList problems)
    {
        if (reader.ReadText(key) is not { } text)
        {
            return null;
        }

        if (clock.TryRead(text, out var time))
        {
            return time;
        }

        problems.Add(
            reader.PlaceOf(key),
            reader.KeyOf(key),
            $"expected a time, got \"{text}\"",
            $"write e.g. {CaseClock.Example}"
        );
        return null;
    }

    public Timestamp ReadStart(Timestamp otherwise) => ReadTime(Keys, "start", new(otherwise), problems) ?? otherwise;

    /// <summary>As written, or the one that the file is named for, or the only one.</summary>
    public SegmentName? ReadSegment(NodeConfiguration configuration, string file)
    {
        SegmentName[] known = [.. configuration.Segments.Select(static segment => segment.Segment.Name)];
        if (Keys.ReadText("segment") is { Length: > 0 } written)
        {
            return new(written);
        }

        var named = file.Replace(CaseFileReader.Ending, "", StringComparison.Ordinal);
        return known.Cast<SegmentName?>().FirstOrDefault(name => name!.Value.Value == named)
            ?? (known is [var only] ? only : null);
    }
}
