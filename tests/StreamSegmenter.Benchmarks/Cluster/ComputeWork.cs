using System.Diagnostics;
using StreamSegmenter.Benchmarks.Throughput;

namespace StreamSegmenter.Benchmarks.Cluster;

/// <summary>
/// The engine in memory alone. Two such processes share nothing but the machine: what they do together, beside what one
/// does, is what its second core is worth to any two nodes.
/// </summary>
internal static class ComputeWork
{
    private const int Events = 50_000;
    private const int WarmUpPasses = 6;
    private const int MeasuredPasses = 6;

    public static Process Start(int core) => Worker.Start(core, "compute");

    public static Task RunAsync()
    {
        var stream = new ShopStream(ShopShape.Browsers, Events);
        var engine = new Engine("engine", ShopSegments.Compile(), stream.Customers);
        Pass(stream, engine, 0, WarmUpPasses);
        return Worker.AnswerAsync(() => Task.FromResult(Pass(stream, engine, WarmUpPasses, MeasuredPasses)));
    }

    private static NodeCost Pass(ShopStream stream, Engine engine, int first, int count)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        var elapsed = new Stopwatch();
        for (int pass = first; pass < first + count; pass++)
        {
            stream.MoveTo(pass);
            engine.Checkpoint();
            elapsed.Start();
            for (int i = 0; i < stream.Count; i++)
            {
                engine.Take(stream[i]);
            }

            elapsed.Stop();
        }

        return new(
            (long)count * stream.Count,
            elapsed.Elapsed.TotalSeconds,
            (Environment.CpuUsage.TotalTime - processor).TotalSeconds
        );
    }
}
