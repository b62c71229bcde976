using StreamSegmenter.Segmentation;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Streams.Shards;

/// <summary>Brings stored customers into a shard's memory before they are needed.</summary>
internal sealed class CustomerLoader(ShardId shardId, SegmentationShard shard, ICustomerReader store, bool anyStored)
{
    private const int PageSize = 1000;

    private readonly HashSet<CustomerId> _wanted = [];

    // While every stored customer is in memory there is nothing to look for.
    private bool _anyCold = anyStored;

    // Nobody who is stored but not in memory is due before this.
    private Timestamp _coldDue = Timestamp.Beginning;

    /// <summary>Some customers were dropped from memory; the earliest of them is due then.</summary>
    public void NoteDropped(Timestamp earliestDue)
    {
        _anyCold = true;
        _coldDue = Timestamp.Min(_coldDue, earliestDue);
    }

    /// <summary>Loads the customers of these records, and everybody due before the latest of them.</summary>
    public async ValueTask LoadForAsync(IReadOnlyList<LogRecord> records, CancellationToken cancellationToken)
    {
        if (!_anyCold || records.Count == 0)
        {
            return;
        }

        Timestamp latest = records[0].LogTime;
        foreach (LogRecord record in records)
        {
            latest = Timestamp.Max(latest, record.LogTime);
        }

        await LoadDueAsync(latest, cancellationToken);
        await LoadAsync(records.Select(record => record.Customer), cancellationToken);
    }

    /// <summary>Loads those of the customers that are stored and not in memory.</summary>
    public async ValueTask LoadAsync(IEnumerable<CustomerId> customers, CancellationToken cancellationToken)
    {
        if (!_anyCold)
        {
            return;
        }

        foreach (CustomerId customer in customers)
        {
            if (shard.CanKnow(customer) && !shard.IsResident(customer))
            {
                _wanted.Add(customer);
            }
        }

        if (_wanted.Count > 0)
        {
            Admit(await store.LoadAsync(shardId, _wanted, cancellationToken));
            _wanted.Clear();
        }
    }

    /// <summary>Loads everybody due before <paramref name="limit"/>.</summary>
    public async ValueTask LoadDueAsync(Timestamp limit, CancellationToken cancellationToken)
    {
        if (!_anyCold || limit <= _coldDue)
        {
            return;
        }

        (Timestamp due, CustomerId? customer) = (Timestamp.Beginning, null);
        IReadOnlyList<StoredCustomer> page;
        do
        {
            page = await store.LoadDueAsync(shardId, limit, due, customer, PageSize, cancellationToken);
            Admit(page);
            if (page.Count > 0)
            {
                (due, customer) = (page[^1].NextDue, page[^1].Customer);
            }
        } while (page.Count == PageSize);
        _coldDue = limit;
    }

    private void Admit(IReadOnlyList<StoredCustomer> customers)
    {
        foreach (StoredCustomer stored in customers)
        {
            shard.Admit(stored.Customer, stored.State, stored.NextDue);
        }
    }
}
