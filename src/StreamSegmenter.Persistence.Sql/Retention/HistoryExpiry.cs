using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Persistence.Sql.Retention;

/// <summary>A transition from before an instant.</summary>
/// <param name="BeginsAnew">
/// It is an enter that comes at least the longest cooldown after the one before it.
/// </param>
internal readonly record struct AgedTransition(long At, string Customer, string Segment, long Number, bool BeginsAnew);

/// <summary>A table of transitions that can be cleared of old ones.</summary>
internal interface IAgedTransitions
{
    /// <summary>
    /// Up to <paramref name="max"/> transitions from before an instant, ordered by (at, customer, segment, number),
    /// that follow <paramref name="after"/>, whose kind does not count.
    /// </summary>
    ValueTask<List<AgedTransition>> ReadAsync(
        AgedTransition after,
        Timestamp before,
        int max,
        TimeSpan longestCooldown
    );

    /// <summary>Drops what its customer and segment had before each of them; tells how many rows.</summary>
    ValueTask<int> DropBeforeEachAsync(IReadOnlyList<AgedTransition> transitions);
}

/// <summary>
/// Drops old transitions of a customer and segment, but never what a change of definitions needs of them: the last one,
/// and as many as tell when a cooldown began. An enter that comes at least the longest cooldown after the one before it
/// begins one in any case, so what is before such an enter decides nothing any more.
/// </summary>
internal sealed class HistoryExpiry(IAgedTransitions transitions, TimeSpan longestCooldown)
{
    private const int RowsAtOnce = 500;

    private static readonly AgedTransition s_beginning = new(long.MinValue, "", "", 0, BeginsAnew: false);

    private AgedTransition _last = s_beginning;

    /// <summary>Goes on where the last call ended, and begins anew after the end.</summary>
    public async ValueTask<ExpiryStep> DropAsync(Timestamp before)
    {
        List<AgedTransition> aged = await transitions.ReadAsync(_last, before, RowsAtOnce, longestCooldown);
        AgedTransition[] beginnings = [.. aged.Where(row => row.BeginsAnew)];
        int dropped = beginnings.Length == 0 ? 0 : await transitions.DropBeforeEachAsync(beginnings);
        bool hasMore = aged.Count == RowsAtOnce;
        _last = hasMore ? aged[^1] : s_beginning;
        return new(dropped, hasMore);
    }
}
