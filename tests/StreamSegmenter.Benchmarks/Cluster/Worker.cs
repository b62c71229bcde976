using System.Diagnostics;
using System.Globalization;

namespace StreamSegmenter.Benchmarks.Cluster;

/// <summary>
/// A process of this program that prints a line when its code is compiled, does its work once a line comes on its
/// standard input, and prints what that took as <see cref="NodeCost"/>.
/// </summary>
internal static class Worker
{
    /// <summary>Starts a process.</summary>
    /// <param name="core">Which one it is pinned to; null for none.</param>
    public static Process Start(int? core, params string[] arguments)
    {
        string[] worker = ["dotnet", typeof(Worker).Assembly.Location, .. arguments];
        string[] command = core is { } pinned
            ? ["taskset", "-c", pinned.ToString(CultureInfo.InvariantCulture), .. worker]
            : worker;
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };

        // On a single processor the runtime puts off compiling what is hot for ten times as long.
        start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        return Process.Start(start)!;
    }

    /// <summary>What the processes took that work at the same time.</summary>
    public static async Task<NodeCost> MeasureAsync(params Process[] workers)
    {
        foreach (Process worker in workers)
        {
            await worker.StandardOutput.ReadLineAsync();
        }

        foreach (Process worker in workers)
        {
            await worker.StandardInput.WriteLineAsync();
        }

        NodeCost all = default;
        foreach (Process worker in workers)
        {
            string output = await worker.StandardOutput.ReadToEndAsync();
            await worker.WaitForExitAsync();
            all +=
                worker.ExitCode == 0
                    ? NodeCost.Parse(output)
                    : throw new InvalidOperationException($"a worker ended with {worker.ExitCode}: {output}");
            worker.Dispose();
        }

        return all;
    }

    /// <summary>The worker's side: says that it is warm, waits, works and tells the cost.</summary>
    public static async Task AnswerAsync(Func<Task<NodeCost>> work)
    {
        Console.WriteLine("warm");
        await Console.In.ReadLineAsync();
        Console.Write(await work());
    }
}
