using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// The instants at which time alone may change slots of one customer, at most one a slot, sorted by slot.
/// </summary>
internal sealed class Agenda
{
    private readonly List<(int Slot, Timestamp Due)> _entries = [];

    public IReadOnlyList<(int Slot, Timestamp Due)> Entries => _entries;

    /// <summary>The earliest of them, or <see cref="Timestamp.Never"/>.</summary>
    public Timestamp Earliest { get; private set; } = Timestamp.Never;

    /// <summary>Enters, replaces or (with <see cref="Timestamp.Never"/>) removes the slot's instant.</summary>
    public void Set(int slot, Timestamp due)
    {
        int index = _entries.BinarySearch((slot, default), BySlot.Instance);
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
            _entries.Insert(~index, (slot, due));
        }
        else
        {
            _entries[index] = (slot, due);
        }

        Earliest =
            due <= Earliest ? due
            : old == Earliest ? FindEarliest()
            : Earliest;
    }

    /// <summary>Adds every slot due at or before <paramref name="now"/> to the set.</summary>
    public void CollectDue(Timestamp now, SlotSet due)
    {
        if (Earliest > now)
        {
            return;
        }

        foreach ((int slot, Timestamp at) in _entries)
        {
            if (at <= now)
            {
                due.Add(slot);
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

    private sealed class BySlot : IComparer<(int Slot, Timestamp Due)>
    {
        public static readonly BySlot Instance = new();

        public int Compare((int Slot, Timestamp Due) x, (int Slot, Timestamp Due) y) => x.Slot.CompareTo(y.Slot);
    }
}
