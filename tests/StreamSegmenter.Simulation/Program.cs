using System.Diagnostics;
using System.Globalization;
using StreamSegmenter.Simulation;
using StreamSegmenter.Simulation.Servers;

// Runs many seeds, or shows one: --seeds N [--from S] [--sabotage NAME].
int seeds = Option("--seeds", 100);
int from = Option("--from", 0);
var watch = Stopwatch.StartNew();
int given = Array.IndexOf(args, "--sabotage");
Sabotage sabotage = given < 0 ? Sabotage.None : Enum.Parse<Sabotage>(args[given + 1]);
SeedRun run = SeedRun.Of(Enumerable.Range(from, seeds), sabotage);
Console.WriteLine(run.Summary());
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:F1} s"));
foreach (WorldResult failed in run.Failed)
{
    Console.WriteLine(SeedRun.Describe(failed));
}

return run.Failed.Count == 0 ? 0 : 1;

int Option(string name, int otherwise)
{
    int at = Array.IndexOf(args, name);
    return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
}
