using BenchmarkDotNet.Running;
using StreamSegmenter.Benchmarks;
using StreamSegmenter.Benchmarks.Throughput;

if (args is ["memory", ..])
{
    return MemoryReport.Run(
        args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000
    );
}

if (args is ["throughput", ..])
{
    return await ThroughputReport.RunAsync(
        args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 200_000
    );
}

BenchmarkSwitcher.FromAssembly(typeof(MemoryReport).Assembly).Run(args);
return 0;
