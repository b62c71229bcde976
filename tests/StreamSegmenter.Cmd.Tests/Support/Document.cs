namespace StreamSegmenter.Cmd.Tests.Support;

/// <summary>What the documents show.</summary>
internal static class Document
{
    /// <summary>The fenced blocks of a language, in order.</summary>
    public static IReadOnlyList<string> Blocks(string document, string language)
    {
        var blocks = new List<string>();
        List<string>? inside = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", document)))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                inside?.Add(line);
            }
            else if (inside is not null)
            {
                blocks.Add(string.Join('\n', inside));
                inside = null;
            }
            else
            {
                inside = line == $"```{language}" ? [] : null;
            }
        }

        return blocks;
    }
}
