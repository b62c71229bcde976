using StreamSegmenter.Oracle.Cases;
using StreamSegmenter.Segmentation.Rules;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Simulation.Faults;
using StreamSegmenter.Simulation.Nodes;
using StreamSegmenter.Simulation.Scheduling;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Pushes.Relay;
using StreamSegmenter.Streams.Shards;

namespace StreamSegmenter.Simulation;

/// <summary>What the parts of a world share.</summary>
internal sealed class WorldParts
{
    public required int Seed { get; init; }

    public required SimScheduler Scheduler { get; init; }

    /// <summary>Where servers and the world itself act; it never dies.</summary>
    public required SimProcess Servers { get; init; }

    public required FaultPlan Faults { get; init; }

    public required LogServer Log { get; init; }

    public required StateServer Store { get; init; }

    public required IReadOnlyList<Provider> Providers { get; init; }

    public required Group Group { get; init; }

    public required RandomCase Case { get; init; }

    public required RuleSet Rules { get; init; }

    public required IReadOnlyList<SegmentActions> Actions { get; init; }

    public required ShardOptions ShardOptions { get; init; }

    public required RelayOptions RelayOptions { get; init; }

    /// <summary>How long a member waits for a shard that it is to give back.</summary>
    public required TimeSpan Patience { get; init; }

    public required Sabotage Sabotage { get; init; }

    public List<string> Violations { get; } = [];

    /// <summary>What observers were told, by all nodes.</summary>
    public List<Transition> Announced { get; } = [];

    public int Partitions => Log.PartitionCount;
}
