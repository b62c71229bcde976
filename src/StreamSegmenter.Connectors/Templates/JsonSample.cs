using System.Text;
using System.Text.Json;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Tries whether a body can be JSON at all, by a sample of what is rendered: each value in a string is a word, each
/// outside is null. Bodies with blocks are not tried, since what they write depends on the push.
/// </summary>
internal static class JsonSample
{
    /// <summary>Returns if the sample is JSON, or there is none.</summary>
    /// <exception cref="TemplateSyntaxException">Where the JSON goes wrong.</exception>
    public static void Check(string source)
    {
        var tags = TemplateScanner.Scan(source).ToList();
        bool dependsOnPush = tags.Any(tag => tag.Sigil is '#' or '/' or '^' || tag.First == "else");
        if (dependsOnPush || source.Contains(@"\{{", StringComparison.Ordinal))
        {
            return;
        }

        byte[] sample = Encoding.UTF8.GetBytes(Fill(source, tags));
        try
        {
            using var json = JsonDocument.Parse(sample);
        }
        catch (JsonException exception)
        {
            string reason = exception.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new TemplateSyntaxException(
                PlaceOf(exception, sample),
                $"this is JSON for no push: {reason}; write a value or {{{{json value}}}} there, and mind the commas"
            );
        }
    }

    // As long as the source, so that places in the one are those in the other.
    private static string Fill(string source, List<TemplateTag> tags)
    {
        var sample = new StringBuilder(source);
        foreach (var tag in tags)
        {
            bool isWhole = tag.First == TemplateFunctions.Json;
            bool isComment = tag.Sigil == '!';
            string filler = isWhole ? "null".PadRight(tag.End - tag.Start) : new('x', tag.End - tag.Start);
            for (int i = 0; i < filler.Length; i++)
            {
                sample[tag.Start + i] = isComment ? ' ' : filler[i];
            }
        }

        return sample.ToString();
    }

    private static int PlaceOf(JsonException exception, byte[] sample)
    {
        int at = 0;
        for (long line = 0; line < exception.LineNumber; line++)
        {
            at = Array.IndexOf(sample, (byte)'\n', at) + 1;
        }

        at = Math.Min(at + (int)(exception.BytePositionInLine ?? 0), sample.Length);
        return Encoding.UTF8.GetCharCount(sample, 0, at);
    }
}
