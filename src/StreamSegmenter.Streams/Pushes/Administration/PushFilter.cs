using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Administration;

/// <summary>Which pushes an operator means.</summary>
public sealed record PushFilter(PushState State)
{
    /// <summary>The exact name; null for any.</summary>
    public string? Connector { get; init; }

    /// <summary>The exact name; null for any.</summary>
    public string? Segment { get; init; }

    /// <summary>The exact id; null for any.</summary>
    public string? Customer { get; init; }

    /// <summary>Somewhere in the reason, in whatever case; null for any.</summary>
    public string? Reason { get; init; }

    /// <summary>That ended then or later; null for any. Nothing that is pending has ended.</summary>
    public Timestamp? From { get; init; }

    /// <summary>Where pushes that match are found, among others.</summary>
    public PushRange Range =>
        (State, Customer) switch
        {
            (PushState.Pending, { } customer) => new PushRange.WaitingOf(new CustomerId(customer)),
            (PushState.Pending, null) => new PushRange.Waiting(Connector is { } name ? new(name) : null),
            (PushState.Dead or PushState.Unknown or PushState.Held, _) => new PushRange.Undecided(State),
            (PushState.Dropped or PushState.Merged, { } customer) => new PushRange.UnsentOf(new CustomerId(customer)),
            _ => new PushRange.Over(),
        };

    public bool Matches(StoredPush push) =>
        push.State == State
        && (Connector is null || push.Push.Connector.Value == Connector)
        && (Customer is null || push.Push.Customer.Value == Customer)
        && (From is not { } from || push.SettledAt >= from)
        && (Reason is null || push.Reason?.Contains(Reason, StringComparison.OrdinalIgnoreCase) == true)
        && (Segment is null || push.Segment == Segment);
}

/// <summary>Some of the pushes that an operator means.</summary>
/// <param name="Next">Where to go on; null when there are no more.</param>
public sealed record PushPage(IReadOnlyList<StoredPush> Pushes, PushCursor? Next);

/// <summary>Looks for pushes by a filter.</summary>
public static class PushSearch
{
    private const int RowsAtOnce = 500;

    /// <summary>How many pushes one search looks at; the next goes on where it ended.</summary>
    public const int MaxScanned = 20_000;

    /// <summary>
    /// Up to <paramref name="max"/> of the pushes meant, in the order of their <see cref="PushFilter.Range"/>. Fewer,
    /// or none, do not mean that there are no more: that says <see cref="PushPage.Next"/> alone.
    /// </summary>
    public static async ValueTask<PushPage> SearchAsync(
        this IPushAdministration administration,
        PushFilter filter,
        PushCursor? after,
        int max,
        CancellationToken cancellationToken
    )
    {
        List<StoredPush> found = [];
        PushRange range = filter.Range;
        if (after is null && filter.From is { } from && filter.State != PushState.Pending)
        {
            // No id is empty: it stands before all that ended at that instant.
            after = new PushCursor.Ended(from, new(""));
        }

        for (int scanned = 0; scanned < MaxScanned; )
        {
            IReadOnlyList<StoredPush> rows = await administration.ReadAsync(
                range,
                after,
                RowsAtOnce,
                cancellationToken
            );
            foreach (StoredPush row in rows)
            {
                after = PushCursor.Behind(row);
                if (filter.Matches(row))
                {
                    found.Add(row);
                    if (found.Count == max)
                    {
                        return new(found, after);
                    }
                }
            }

            if (rows.Count < RowsAtOnce)
            {
                return new(found, Next: null);
            }

            scanned += rows.Count;
        }

        return new(found, after);
    }
}
