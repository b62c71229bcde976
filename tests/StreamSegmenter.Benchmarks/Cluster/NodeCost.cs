using System.Globalization;

namespace StreamSegmenter.Benchmarks.Cluster;

/// <summary>What some events took some nodes.</summary>
/// <param name="Seconds">Of the slowest node.</param>
/// <param name="Processor">Seconds of processor time, of all nodes together.</param>
internal readonly record struct NodeCost(long Events, double Seconds, double Processor)
{
    public double Rate => Events / Seconds;

    public static NodeCost Parse(string text)
    {
        double[] numbers = [.. text.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        return new((long)numbers[0], numbers[1], numbers[2]);
    }

    public static NodeCost operator +(NodeCost a, NodeCost b) =>
        new(a.Events + b.Events, Math.Max(a.Seconds, b.Seconds), a.Processor + b.Processor);

    /// <summary>The quicker of two.</summary>
    public NodeCost Or(NodeCost other) => Events == 0 || other.Rate > Rate ? other : this;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Events} {Seconds:F3} {Processor:F3}");
}
