using System.Globalization;

namespace StreamSegmenter.Simulation;

/// <summary>Seeds that found something once: a line each, followed by what it was.</summary>
internal static class KeptSeeds
{
    public static IReadOnlyList<int> Read() =>
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Seeds", "kept.txt"))
                .Select(line => line.Split('#')[0].Trim())
                .Where(line => line.Length > 0)
                .Select(line => int.Parse(line, CultureInfo.InvariantCulture)),
        ];
}
