using System.Numerics;
using System.Runtime.InteropServices;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The instants at which time alone may change nodes (features, slots) of one customer, at most one each, sorted by
/// node. A part of the customer's state, and a struct to lie within it: it is not to be copied.
/// </summary>
internal struct Agenda
{
    private const int FirstNodes = 64;

    // From here on looking at some at a time beats looking at one after the other.
    private const int Many = 32;

    // As the earliest instant: it is to be looked for.
    private static readonly Timestamp Unknown = Timestamp.Beginning;

    private int[] _nodes = [];
    private Timestamp[] _dues = [];
    private Timestamp _earliest = Timestamp.Never;

    // One bit for each of the first nodes that is here: those before a node say at which index it is.
    private ulong _firstNodes;

    public Agenda() { }

    public int Count { readonly get; private set; }

    /// <summary>The earliest of them, or <see cref="Timestamp.Never"/>.</summary>
    public Timestamp Earliest => _earliest != Unknown ? _earliest : _earliest = FindEarliest();

    public readonly (int Node, Timestamp Due) this[int index] => (_nodes[index], _dues[index]);

    /// <summary>Enters, replaces or (with <see cref="Timestamp.Never"/>) removes the node's instant.</summary>
    public void Set(int node, Timestamp due)
    {
        int index = Find(node);
        Timestamp old = index < 0 ? Timestamp.Never : _dues[index];
        if (old == due)
        {
            return;
        }

        if (due == Timestamp.Never)
        {
            RemoveAt(index, node);
        }
        else if (index < 0)
        {
            Insert(~index, node, due);
        }
        else
        {
            _dues[index] = due;
        }

        _earliest =
            due <= _earliest ? due
            : old == _earliest ? Unknown
            : _earliest;
    }

    /// <summary>Adds every node due at or before <paramref name="now"/> to the set.</summary>
    public void CollectDue(Timestamp now, IndexSet due)
    {
        if (Earliest > now)
        {
            return;
        }

        ReadOnlySpan<long> dues = Dues;
        var limit = new Vector<long>(now.Milliseconds);
        for (int from = 0; from < dues.Length; from += Vector<long>.Count)
        {
            bool isWhole = from + Vector<long>.Count <= dues.Length;
            if (isWhole && !Vector.LessThanOrEqualAny(new Vector<long>(dues[from..]), limit))
            {
                continue;
            }

            for (int i = from; i < Math.Min(from + Vector<long>.Count, dues.Length); i++)
            {
                if (dues[i] <= now.Milliseconds)
                {
                    due.Add(_nodes[i]);
                }
            }
        }
    }

    // The complement of where it belongs, if it is not there.
    private readonly int Find(int node)
    {
        if (node >= FirstNodes)
        {
            int first = BitOperations.PopCount(_firstNodes);
            int found = _nodes.AsSpan(first, Count - first).BinarySearch(node);
            return found >= 0 ? first + found : ~(first + ~found);
        }

        ulong bit = 1UL << node;
        int index = BitOperations.PopCount(_firstNodes & (bit - 1));
        return (_firstNodes & bit) != 0 ? index : ~index;
    }

    private readonly ReadOnlySpan<long> Dues => MemoryMarshal.Cast<Timestamp, long>(_dues.AsSpan(0, Count));

    private void Insert(int index, int node, Timestamp due)
    {
        if (Count == _nodes.Length)
        {
            int capacity = Math.Max(4, 2 * Count);
            Array.Resize(ref _nodes, capacity);
            Array.Resize(ref _dues, capacity);
        }

        Array.Copy(_nodes, index, _nodes, index + 1, Count - index);
        Array.Copy(_dues, index, _dues, index + 1, Count - index);
        (_nodes[index], _dues[index]) = (node, due);
        Count++;
        _firstNodes |= BitOf(node);
    }

    private void RemoveAt(int index, int node)
    {
        Count--;
        _firstNodes &= ~BitOf(node);
        Array.Copy(_nodes, index + 1, _nodes, index, Count - index);
        Array.Copy(_dues, index + 1, _dues, index, Count - index);
    }

    private static ulong BitOf(int node) => node < FirstNodes ? 1UL << node : 0;

    private readonly Timestamp FindEarliest()
    {
        ReadOnlySpan<long> dues = Dues;
        long least = long.MaxValue;
        if (dues.Length >= Many)
        {
            var earliest = new Vector<long>(long.MaxValue);
            for (; dues.Length >= Vector<long>.Count; dues = dues[Vector<long>.Count..])
            {
                earliest = Vector.Min(earliest, new Vector<long>(dues));
            }

            for (int i = 0; i < Vector<long>.Count; i++)
            {
                least = Math.Min(least, earliest[i]);
            }
        }

        foreach (long due in dues)
        {
            least = Math.Min(least, due);
        }

        return new(least);
    }
}
