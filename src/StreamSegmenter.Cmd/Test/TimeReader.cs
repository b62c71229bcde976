using StreamSegmenter.Node.Configuration.Reading;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Test;

/// <summary>Reads times under keys; what is none goes to the problems.</summary>
internal sealed class TimeReader(CaseClock clock, ProblemList problems)
{
    public CaseClock Clock => clock;

    public Timestamp? Require(ObjectReader reader, string key) => Parse(reader, key, reader.RequireText(key, "1d"));

    /// <summary>Null without such a key.</summary>
    public Timestamp? Read(ObjectReader reader, string key) => Parse(reader, key, reader.ReadText(key));

    private Timestamp? Parse(ObjectReader reader, string key, string? text)
    {
        if (text is null)
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
}
