using StreamSegmenter.Connectors.Templates;

namespace StreamSegmenter.Connectors.HttpApi;

/// <summary>
/// What a template's source says itself, whatever the push: the texts between its tags and the strings in them. Each
/// comes whole and in its parts, since a server may repeat one of those alone.
/// </summary>
internal static class FixedWords
{
    // Shorter ones would be found in any answer.
    private const int Shortest = 4;

    private static readonly char[] Ends = [' ', '/', '?', '&', '=', ':', ';', ',', '"', '\''];

    public static IEnumerable<Secret> Of(string source) =>
        TextsOf(source)
            .SelectMany(static text =>
                (string[])[text, .. text.Split(' '), .. text.Split('/', '?', '&'), .. text.Split(Ends)]
            )
            .Where(static word => word.Length >= Shortest)
            .Distinct(StringComparer.Ordinal)
            .Select(static word => new Secret(word));

    private static IEnumerable<string> TextsOf(string source)
    {
        int at = 0;
        foreach (var tag in TemplateScanner.Scan(source))
        {
            yield return source[at..tag.Start];
            foreach (string word in tag.Words.Where(static word => word[0] is '"' or '\''))
            {
                yield return word[1..^1];
            }

            at = tag.End;
        }

        yield return source[at..];
    }
}
