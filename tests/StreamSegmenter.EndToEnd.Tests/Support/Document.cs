namespace StreamSegmenter.EndToEnd.Tests.Support;

/// <summary>What the documents show as examples.</summary>
public static class Document
{
    /// <summary>The lines of all fenced blocks of a language, in order.</summary>
    public static IEnumerable<string> Examples(string document, string language)
    {
        bool isInside = false;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", document)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isInside = line == "```" + language;
            }
            else if (isInside)
            {
                yield return line;
            }
        }
    }
}
