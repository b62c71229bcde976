using System.Globalization;
using BenchmarkDotNet.Running;
using StreamSegmenter.Benchmarks;
using StreamSegmenter.Benchmarks.Cluster;
using StreamSegmenter.Benchmarks.Constructs;
using StreamSegmenter.Benchmarks.Delivery;
using StreamSegmenter.Benchmarks.Throughput;

int Number(int byDefault) => args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : byDefault;

switch (args)
{
    case ["memory", ..]:
        return MemoryReport.Run(Number(1_000_000));
    case ["throughput", ..]:
        return await ThroughputReport.RunAsync(Number(200_000));
    case ["stored", ..]:
        return await StoredReport.RunAsync(Number(100_000));
    case ["allocations", ..]:
        AllocationReport.Print(Number(200_000));
        return 0;
    case ["segments", ..]:
        return SegmentsReport.Run(Number(500_000));
    case ["constructs", ..]:
        return ConstructsReport.Run(Number(100_000));
    case ["backlog", ..]:
        int allowed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0;
        return await BacklogReport.RunAsync(Number(1_000_000), allowed);
    case ["cluster", ..]:
        return await ClusterReport.RunAsync(Number(1_000_000));
    case ["node", .. var work]:
        await NodeWork.RunAsync(work);
        return 0;
    case ["machine", ..]:
        await ClusterReport.RunMachineAsync(Number(1_000_000));
        return 0;
    case ["compute"]:
        await ComputeWork.RunAsync();
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(MemoryReport).Assembly).Run(args);
        return 0;
}
