using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using StreamSegmenter.Simulation.Servers;

namespace StreamSegmenter.Simulation;

/// <summary>Many worlds, one after the other on each processor, and what came of them.</summary>
internal sealed class SeedRun
{
    private const int ShownFailures = 5;

    /// <summary>By seed.</summary>
    public required IReadOnlyList<WorldResult> Failed { get; init; }

    public required int Worlds { get; init; }

    /// <summary>Of all courses together.</summary>
    public required ulong TraceHash { get; init; }

    public required WorldSize Total { get; init; }

    /// <summary>How often each kind of fault came about in all of them.</summary>
    public required IReadOnlyDictionary<string, long> Faults { get; init; }

    public static SeedRun Of(IEnumerable<int> seeds, Sabotage sabotage = Sabotage.None)
    {
        ConcurrentBag<WorldResult> failed = [];
        SortedDictionary<string, long> faults = new(StringComparer.Ordinal);
        WorldSize total = default;
        int worlds = 0;
        ulong hash = 0;
        Lock gate = new();
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(
            Partitioner.Create(seeds, EnumerablePartitionerOptions.NoBuffering),
            options,
            seed =>
            {
                WorldResult result = World.Run(seed, sabotage);
                lock (gate)
                {
                    worlds++;
                    hash += result.TraceHash;
                    total += result.Size;
                    foreach ((string kind, long count) in result.Faults)
                    {
                        faults[kind] = faults.GetValueOrDefault(kind) + count;
                    }
                }

                if (result.Violations.Count > 0)
                {
                    failed.Add(result);
                }
            }
        );
        return new()
        {
            Failed = [.. failed.OrderBy(result => result.Seed)],
            Worlds = worlds,
            TraceHash = hash,
            Total = total,
            Faults = faults,
        };
    }

    /// <summary>What happened and what did not hold, with how to see it again.</summary>
    public static string Describe(WorldResult result) =>
        new StringBuilder()
            .AppendJoin('\n', result.Tail)
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"seed {result.Seed}, trace {result.TraceHash:x16}:")
            .AppendJoin('\n', result.Violations.Take(20))
            .AppendLine()
            .Append("again: dotnet run --project tests/StreamSegmenter.Simulation -- --seeds 1 --from ")
            .Append(result.Seed)
            .ToString();

    public string Summary()
    {
        StringBuilder text = new();
        foreach ((string kind, long count) in Faults)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{count, 10} {kind}");
        }

        return text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{Worlds} worlds: {Total.Records} records, {Total.Transitions} transitions, {Total.Pushes} pushes, "
                    + $"{Total.Steps} steps, {Total.Time.TotalDays:F1} days of virtual time"
            )
            .Append(CultureInfo.InvariantCulture, $"{Failed.Count} failed, trace {TraceHash:x16}")
            .ToString();
    }

    /// <summary>Fails with the first failures in full, and the seeds of all.</summary>
    public void ShouldHold()
    {
        string seeds = string.Join(", ", Failed.Select(result => result.Seed));
        Failed.ShouldBeEmpty(
            string.Join("\n\n", Failed.Take(ShownFailures).Select(Describe)) + $"\n\nfailed seeds: {seeds}"
        );
    }
}
