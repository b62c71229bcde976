using System.Text;
using System.Text.Json;

namespace StreamSegmenter.Connectors.Http;

/// <summary>
/// Takes secrets out of what servers say, also as JSON and addresses spell them, and where a server cut what it
/// repeats. Of an address that is a secret, every part that may be one by itself is taken out too. Thread-safe.
/// </summary>
internal sealed class HiddenWords
{
    private const string Mask = "***";

    // Shorter ones are words like "hooks" and "1.0", which say nothing and may stand in any answer.
    private const int ShortestSegment = 8;
    private const int ShortestValue = 4;

    // So much of a secret is no accident, whatever follows.
    private const int ShortestBeginning = 8;

    private readonly string[] _words;

    public HiddenWords(IEnumerable<Secret> secrets) =>
        _words = [
            .. secrets
                .Where(static secret => !secret.IsEmpty)
                .SelectMany(static secret => FormsOf(secret.Reveal()))
                .Distinct(StringComparer.OrdinalIgnoreCase),
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
        // All are found in what was said, so that none hides from another by what the other left of it.
        bool[] covered = new bool[text.Length];
        foreach (string word in _words)
        {
            Cover(text, word, covered);
        }

        var shown = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (!covered[at])
            {
                shown.Append(text[at]);
            }
            else if (at == 0 || !covered[at - 1])
            {
                shown.Append(Mask);
            }
        }

        return shown.ToString();
    }

    private static void Cover(ReadOnlySpan<char> text, ReadOnlySpan<char> word, Span<bool> covered)
    {
        var beginning = word[..Math.Min(word.Length, ShortestBeginning)];
        int at = 0;
        while (text[at..].IndexOf(beginning, StringComparison.OrdinalIgnoreCase) is >= 0 and var next)
        {
            at += next;
            int length = beginning.Length;
            while (length < word.Length && at + length < text.Length && IsSame(text[at + length], word[length]))
            {
                length++;
            }

            covered.Slice(at, length).Fill(true);
            at++;
        }
    }

    private static bool IsSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);

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
