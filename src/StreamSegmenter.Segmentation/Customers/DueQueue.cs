using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Customers;

/// <summary>
/// Residents by the instant at which they are next due, then by id. A resident whose due time moves later keeps its
/// place until it comes up and is put back, so that the queue holds about one entry a customer.
/// </summary>
internal sealed class DueQueue
{
    private readonly PriorityQueue<Resident, (Timestamp Due, CustomerId Id)> _queue = new();

    public Timestamp Earliest
    {
        get
        {
            Settle();
            return _queue.TryPeek(out _, out (Timestamp Due, CustomerId Id) at) ? at.Due : Timestamp.Never;
        }
    }

    public void Update(Resident resident)
    {
        if (resident.NextDue < resident.QueuedFor)
        {
            resident.QueuedFor = resident.NextDue;
            _queue.Enqueue(resident, (resident.NextDue, resident.Id));
        }
    }

    /// <summary>Takes the first resident due before <paramref name="limit"/>; null if there is none.</summary>
    public Resident? TakeBefore(Timestamp limit)
    {
        if (Earliest >= limit)
        {
            return null;
        }

        Resident resident = _queue.Dequeue();
        resident.QueuedFor = Timestamp.Never;
        return resident;
    }

    // Brings an entry that is still true to the front.
    private void Settle()
    {
        while (_queue.TryPeek(out Resident? resident, out (Timestamp Due, CustomerId Id) at))
        {
            if (!resident.Dropped && resident.NextDue == at.Due && resident.QueuedFor == at.Due)
            {
                return;
            }

            _queue.Dequeue();
            if (!resident.Dropped && resident.QueuedFor == at.Due)
            {
                resident.QueuedFor = Timestamp.Never;
                Update(resident);
            }
        }
    }
}
