namespace StreamSegmenter.Streams.Pushes.Administration;

/// <summary>Which pushes an operator means.</summary>
/// <param name="State">Dead, unknown or held.</param>
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

    public bool Matches(StoredPush push) =>
        push.State == State
        && (Connector is null || push.Push.Connector.Value == Connector)
        && (Customer is null || push.Push.Customer.Value == Customer)
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
    /// Up to <paramref name="max"/> of the pushes meant, the oldest end first. Fewer, or none, do not mean that there
    /// are no more: that says <see cref="PushPage.Next"/> alone.
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
        for (int scanned = 0; scanned < MaxScanned; )
        {
            IReadOnlyList<StoredPush> rows = await administration.ReadEndedAsync(
                filter.State,
                after,
                RowsAtOnce,
                cancellationToken
            );
            foreach (StoredPush row in rows)
            {
                after = new(row.SettledAt!.Value, row.Push.Id);
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
