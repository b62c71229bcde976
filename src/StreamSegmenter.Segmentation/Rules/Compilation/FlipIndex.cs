using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// For one feature, which slots a move from one band to another can concern: those with a test that ends or begins
/// between the two, or that passes exactly one of them alone.
/// </summary>
internal sealed class FlipIndex
{
    // The nodes of edge i, which is between band i - 1 and band i, are [_edges[i], _edges[i + 1]) of _nodesAtEdges; so
    // those between any two bands stand together. Likewise the points.
    private readonly int[] _edges;
    private readonly int[] _nodesAtEdges;
    private readonly int[] _points;
    private readonly int[] _nodesAtPoints;

    /// <param name="bands">How many bands the feature has.</param>
    /// <param name="tests">The tests on it with the nodes that depend on them.</param>
    public FlipIndex(int bands, IEnumerable<(BandSet Passing, int Node)> tests)
    {
        var edges = new List<(int Edge, int Node)>();
        var points = new List<(int Point, int Node)>();
        foreach ((BandSet passing, int node) in tests)
        {
            Enter(passing, node, edges, points);
        }

        (_edges, _nodesAtEdges) = Arrange(edges, bands + 1);
        (_points, _nodesAtPoints) = Arrange(points, bands);
    }

    public void Collect(int from, int to, IndexSet nodes)
    {
        (int low, int high) = from < to ? (from, to) : (to, from);
        nodes.AddAll(_nodesAtEdges.AsSpan(_edges[low + 1].._edges[high + 1]));
        nodes.AddAll(_nodesAtPoints.AsSpan(_points[from].._points[from + 1]));
        nodes.AddAll(_nodesAtPoints.AsSpan(_points[to].._points[to + 1]));
    }

    // A change of truth that the very next band takes back concerns only who moves to or from that one band.
    private static void Enter(
        BandSet passing,
        int node,
        List<(int Edge, int Node)> edges,
        List<(int Point, int Node)> points
    )
    {
        int[] changes = [.. passing.Ranges.SelectMany(range => (int[])[range.From, range.To])];
        for (int i = 0; i < changes.Length; i++)
        {
            if (i + 1 < changes.Length && changes[i + 1] == changes[i] + 1)
            {
                points.Add((changes[i], node));
                i++;
            }
            else
            {
                edges.Add((changes[i], node));
            }
        }
    }

    private static (int[] Starts, int[] Nodes) Arrange(List<(int Place, int Node)> entries, int places)
    {
        (int Place, int Node)[] ordered = [.. entries.Distinct().Order()];
        int[] starts = new int[places + 1];
        foreach ((int place, _) in ordered)
        {
            starts[place + 1]++;
        }

        for (int place = 0; place < places; place++)
        {
            starts[place + 1] += starts[place];
        }

        return (starts, [.. ordered.Select(entry => entry.Node)]);
    }
}
