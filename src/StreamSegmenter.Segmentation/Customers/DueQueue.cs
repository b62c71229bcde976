using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// Residents by the instant at which they are next due, then by id: a heap with one place for each resident who is due
/// at all. Who becomes due later keeps the place until it comes up: of the many events that put an instant off, each
/// costs nothing.
/// </summary>
internal sealed class DueQueue
{
    /// <summary>The place of somebody who is not in the queue.</summary>
    public const int Nowhere = -1;

    // Children stand side by side, so that four are compared in the time of two.
    private const int Children = 4;

    private Entry[] _heap = new Entry[Children];

    public int Count { get; private set; }

    public Timestamp Earliest
    {
        get
        {
            Settle();
            return Count == 0 ? Timestamp.Never : _heap[0].Due;
        }
    }

    /// <summary>Sets when the resident is due.</summary>
    public void Update(Resident resident, Timestamp due)
    {
        // A place is never later than the resident: only who becomes due earlier may have to leave it.
        bool mayRise = due < resident.NextDue;
        int place = resident.DuePlace;
        resident.NextDue = due;
        if (place == Nowhere && due != Timestamp.Never)
        {
            MakeRoom();
            Rise(Count++, new(resident));
        }
        else if (place != Nowhere && mayRise && due < _heap[place].Due)
        {
            Rise(place, new(resident));
        }
    }

    public void Remove(Resident resident)
    {
        int place = resident.DuePlace;
        if (place == Nowhere)
        {
            return;
        }

        resident.DuePlace = Nowhere;
        Entry last = _heap[--Count];
        _heap[Count] = default;
        if (place < Count)
        {
            Rise(place, last);
            Sink(last.Resident.DuePlace, last);
        }
    }

    /// <summary>Takes the first resident due before <paramref name="limit"/>; null if there is none.</summary>
    public Resident? TakeBefore(Timestamp limit)
    {
        if (Earliest >= limit)
        {
            return null;
        }

        Resident first = _heap[0].Resident;
        Remove(first);
        return first;
    }

    // Brings an entry that is still true to the front.
    private void Settle()
    {
        while (Count > 0 && _heap[0].Resident is var first && first.NextDue != _heap[0].Due)
        {
            if (first.NextDue == Timestamp.Never)
            {
                Remove(first);
            }
            else
            {
                Sink(0, new(first));
            }
        }
    }

    // By a quarter: with a million of them, a double array would lie half empty.
    private void MakeRoom()
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count + Math.Max(Children, Count / 4));
        }
    }

    private void Rise(int place, in Entry entry)
    {
        while (place > 0 && (place - 1) / Children is var parent && entry.IsBefore(_heap[parent]))
        {
            Put(place, _heap[parent]);
            place = parent;
        }

        Put(place, entry);
    }

    private void Sink(int place, in Entry entry)
    {
        while (FirstChildOf(place) is var child && child < Count && _heap[child].IsBefore(entry))
        {
            Put(place, _heap[child]);
            place = child;
        }

        Put(place, entry);
    }

    // The earliest of them; beyond the end if there is none.
    private int FirstChildOf(int place)
    {
        int first = (place * Children) + 1;
        int end = Math.Min(first + Children, Count);
        for (int child = first + 1; child < end; child++)
        {
            if (_heap[child].IsBefore(_heap[first]))
            {
                first = child;
            }
        }

        return first;
    }

    private void Put(int place, in Entry entry)
    {
        _heap[place] = entry;
        entry.Resident.DuePlace = place;
    }

    // The instant beside the resident: comparing need not look him up, and it may be earlier than his.
    private readonly struct Entry(Resident resident)
    {
        public Resident Resident { get; } = resident;

        public Timestamp Due { get; } = resident.NextDue;

        public bool IsBefore(in Entry other) =>
            Due < other.Due || (Due == other.Due && Resident.Id.CompareTo(other.Resident.Id) < 0);
    }
}
