namespace StreamSegmenter.Segmentation.Rules;

/// <summary>Finds the known word that somebody probably meant.</summary>
internal static class NearMiss
{
    private const int LongestWord = 64;

    /// <summary><c>" Did you mean X?"</c>, or nothing when no candidate is close.</summary>
    public static string Hint(string word, IEnumerable<string> candidates)
    {
        int allowed = word.Length <= 4 ? 1 : 2;
        (string? best, int distance) = (null, allowed + 1);
        foreach (string candidate in candidates)
        {
            int d = Distance(word, candidate);
            // A word of which no letter is left is another word.
            if (d < distance && d < Math.Max(word.Length, candidate.Length))
            {
                (best, distance) = (candidate, d);
            }
        }

        return best is null ? "" : $" Did you mean {best}?";
    }

    /// <summary>Edits needed, ignoring case; swapping two neighbours is one edit (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > LongestWord || b.Length > LongestWord)
        {
            return int.MaxValue;
        }

        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j : Cheapest(a, b, d, i, j);
            }
        }

        return d[a.Length, b.Length];
    }

    private static int Cheapest(string a, string b, int[,] d, int i, int j)
    {
        int replace = d[i - 1, j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
        int best = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, replace);
        bool swapped = i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]);
        return swapped ? Math.Min(best, d[i - 2, j - 2] + 1) : best;
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
