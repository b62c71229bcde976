using System.Text.Json;

namespace StreamSegmenter.Connectors.Http;

/// <summary>
/// Takes secrets out of what servers say, also as JSON and addresses spell them. Of an address that is a secret, every
/// part that may be one by itself is taken out too. Thread-safe.
/// </summary>
internal sealed class HiddenWords
{
    private const string Mask = "***";

    // Shorter ones are words like "hooks" and "1.0", which say nothing and may stand in any answer.
    private const int ShortestSegment = 8;
    private const int ShortestValue = 4;

    private readonly string[] _words;

    public HiddenWords(IEnumerable<Secret> secrets) =>
        // The longest first: what is left of it when a part was taken out would be found no more.
        _words = [
            .. secrets
                .Where(static secret => !secret.IsEmpty)
                .SelectMany(static secret => FormsOf(secret.Reveal()))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .OrderByDescending(static word => word.Length),
        ];

    /// <summary>An address's path and query, and those parts of them that are long enough to be tokens.</summary>
    public static IEnumerable<Secret> PartsOf(Uri url)
    {
        if (url.PathAndQuery.Length > 1)
        {
            yield return new(url.PathAndQuery);
            yield return new(url.AbsolutePath.Length > 1 ? url.AbsolutePath : null);
        }

        foreach (string segment in url.AbsolutePath.Split('/').Where(part => part.Length >= ShortestSegment))
        {
            yield return new(segment);
        }

        foreach (string pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string value = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
            yield return new(pair);
            yield return new(value.Length >= ShortestValue ? value : null);
        }
    }

    public string Hide(string text)
    {
        foreach (string word in _words)
        {
            text = text.Replace(word, Mask, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    private static IEnumerable<string> FormsOf(string secret)
    {
        string plain = Uri.UnescapeDataString(secret);
        foreach (string form in (string[])[secret, plain, Uri.EscapeDataString(plain), Uri.EscapeDataString(secret)])
        {
            string json = JsonEncodedText.Encode(form).ToString();
            yield return form;
            yield return json;
            yield return form.Replace("/", @"\/", StringComparison.Ordinal);
            yield return json.Replace("/", @"\/", StringComparison.Ordinal);
            yield return json.Replace("/", @"\u002f", StringComparison.Ordinal);
        }
    }
}
