namespace StreamSegmenter.EndToEnd.Tests.Crashes;

/// <summary>Compares two long lists, whatever their order, counting repetitions.</summary>
public static class Difference
{
    private const int Shown = 10;

    /// <summary>
    /// Empty when both hold the same lines equally often; else the first lines that one side has more of.
    /// </summary>
    public static string Between(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        Dictionary<string, int> missing = new(StringComparer.Ordinal);
        foreach (string line in expected)
        {
            missing[line] = missing.GetValueOrDefault(line) + 1;
        }

        foreach (string line in actual)
        {
            missing[line] = missing.GetValueOrDefault(line) - 1;
        }

        return Describe("missing", missing.Where(pair => pair.Value > 0))
            + Describe("too many", missing.Where(pair => pair.Value < 0));
    }

    private static string Describe(string what, IEnumerable<KeyValuePair<string, int>> lines)
    {
        string[] found =
        [
            .. lines.Select(line => $"{Math.Abs(line.Value)} x {line.Key}").Order(StringComparer.Ordinal),
        ];
        return found.Length == 0 ? "" : $"{found.Length} {what}:\n{string.Join('\n', found.Take(Shown))}\n";
    }
}
