using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The instants at which time alone may change nodes (features, slots) of one customer, at most one each, sorted by
/// node.
/// </summary>
internal sealed class Agenda
{
    private readonly List<(int Node, Timestamp Due)> _entries = [];

    public IReadOnlyList<(int Node, Timestamp Due)> Entries => _entries;

    /// <summary>The earliest of them, or <see cref="Timestamp.Never"/>.</summary>
    public Timestamp Earliest { get; private set; } = Timestamp.Never;

    /// <summary>Enters, replaces or (with <see cref="Timestamp.Never"/>) removes the node's instant.</summary>
    public void Set(int node, Timestamp due)
    {
        int index = _entries.BinarySearch((node, default), ByNode.Instance);
        Timestamp old = index < 0 ? Timestamp.Never : _entries[index].Due;
        if (old == due)
        {
            return;
        }

        if (due == Timestamp.Never)
        {
            _entries.RemoveAt(index);
        }
        else if (index < 0)
        {
            _entries.Insert(~index, (node, due));
        }
        else
        {
            _entries[index] = (node, due);
        }

        Earliest =
            due <= Earliest ? due
            : old == Earliest ? FindEarliest()
            : Earliest;
    }

    /// <summary>Adds every node due at or before <paramref name="now"/> to the set.</summary>
    public void CollectDue(Timestamp now, IndexSet due)
    {
        if (Earliest > now)
        {
            return;
        }

        foreach ((int node, Timestamp at) in _entries)
        {
            if (at <= now)
            {
                due.Add(node);
            }
        }
    }

    private Timestamp FindEarliest()
    {
        Timestamp earliest = Timestamp.Never;
        foreach ((_, Timestamp due) in _entries)
        {
            earliest = Timestamp.Min(earliest, due);
        }

        return earliest;
    }

    private sealed class ByNode : IComparer<(int Node, Timestamp Due)>
    {
        public static readonly ByNode Instance = new();

        public int Compare((int Node, Timestamp Due) x, (int Node, Timestamp Due) y) => x.Node.CompareTo(y.Node);
    }
}
