using StreamSegmenter.Segmentation.Customers;

namespace StreamSegmenter.Segmentation.Rules.Compilation;

/// <summary>
/// For one feature, which slots a move from one band to another can concern: those with a test that ends or begins
/// between the two, or that passes exactly one of them alone.
/// </summary>
internal sealed class FlipIndex
{
    private readonly int[] _edges;
    private readonly int[][] _nodesAtEdge;
    private readonly int[][] _nodesAtPoint;

    /// <param name="bands">How many bands the feature has.</param>
    /// <param name="tests">The tests on it with the nodes that depend on them.</param>
    public FlipIndex(int bands, IEnumerable<(BandSet Passing, int Node)> tests)
    {
        var edges = new SortedDictionary<int, SortedSet<int>>();
        var points = new SortedSet<int>?[bands];
        foreach ((BandSet passing, int node) in tests)
        {
            Enter(passing, node, edges, points);
        }

        _edges = [.. edges.Keys];
        _nodesAtEdge = [.. edges.Values.Select(static nodes => nodes.ToArray())];
        _nodesAtPoint = [.. points.Select(static nodes => nodes?.ToArray() ?? [])];
    }

    public void Collect(int from, int to, IndexSet nodes)
    {
        (int low, int high) = from < to ? (from, to) : (to, from);
        int edge = Array.BinarySearch(_edges, low + 1);
        for (edge = edge < 0 ? ~edge : edge; edge < _edges.Length && _edges[edge] <= high; edge++)
        {
            nodes.AddAll(_nodesAtEdge[edge]);
        }

        nodes.AddAll(_nodesAtPoint[from]);
        nodes.AddAll(_nodesAtPoint[to]);
    }

    // A change of truth that the very next band takes back concerns only who moves to or from that one band.
    private static void Enter(
        BandSet passing,
        int node,
        SortedDictionary<int, SortedSet<int>> edges,
        SortedSet<int>?[] points
    )
    {
        int[] changes = [.. passing.Ranges.SelectMany(range => (int[])[range.From, range.To])];
        for (int i = 0; i < changes.Length; i++)
        {
            if (i + 1 < changes.Length && changes[i + 1] == changes[i] + 1)
            {
                (points[changes[i]] ??= []).Add(node);
                i++;
            }
            else
            {
                At(edges, changes[i]).Add(node);
            }
        }
    }

    private static SortedSet<int> At(SortedDictionary<int, SortedSet<int>> edges, int edge)
    {
        if (!edges.TryGetValue(edge, out SortedSet<int>? nodes))
        {
            edges[edge] = nodes = [];
        }

        return nodes;
    }
}
