namespace StreamSegmenter.Hocon.Options;

/// <summary>Guesses which name was meant.</summary>
public static class NearMiss
{
    /// <summary>The known name that is most like the given one, or null when none is close.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var plain = Plain(name);
        var limit = Math.Max(1, plain.Length / 3);
        return known
            .Select(candidate => (candidate, Distance: Distance(plain, Plain(candidate))))
            .Where(match => match.Distance <= limit)
            .OrderBy(static match => match.Distance)
            .Select(static match => match.candidate)
            .FirstOrDefault();
    }

    /// <summary>
    /// Without what people most often get wrong: <c>batchSize</c> and <c>batch_size</c> are <c>batch-size</c>.
    /// </summary>
    private static string Plain(string name) =>
        string.Concat(name.Where(static c => c is not ('-' or '_')).Select(char.ToLowerInvariant));

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one into the other.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 3 || a.Length > 100)
        {
            return int.MaxValue;
        }
        var costs = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                costs[i, j] = i == 0 || j == 0 ? i + j : Cheapest(costs, a, b, i, j);
            }
        }
        return costs[a.Length, b.Length];
    }

    private static int Cheapest(int[,] costs, string a, string b, int i, int j)
    {
        var replace = costs[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        var best = Math.Min(replace, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
        var isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return isSwap ? Math.Min(best, costs[i - 2, j - 2] + 1) : best;
    }
}
