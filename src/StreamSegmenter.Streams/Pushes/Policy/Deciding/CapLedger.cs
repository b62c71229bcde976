using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>A cap without room for a push.</summary>
/// <param name="Cap">Its index.</param>
/// <param name="Until">When there is room.</param>
/// <param name="IsCertain">
/// It is full of what was let out. Otherwise something more important, which is about to be, may yet fail.
/// </param>
internal sealed record FullCap(int Cap, Timestamp Until, bool IsCertain);

/// <summary>What a customer's caps have counted, and what is about to be let out in this answer.</summary>
internal sealed class CapLedger(PolicyTerms terms, IReadOnlyList<Grant> grants, Timestamp now)
{
    /// <summary>
    /// For so long after it could have gone out, a more important push that was not let out yet keeps its place. By
    /// then its connector has sent it, or is not working.
    /// </summary>
    public const long FreshMilliseconds = 5000;

    private readonly List<PolicyPush> _leaving = [];

    public void Forget() => _leaving.Clear();

    /// <summary>Counts a push that is let out now.</summary>
    public void Add(PolicyPush push) => _leaving.Add(push);

    /// <summary>The caps that leave no room for the push.</summary>
    public IReadOnlyList<FullCap> FindFull(PolicyPush push)
    {
        var full = new List<FullCap>();
        for (int i = 0; i < terms.Caps.Count; i++)
        {
            if (terms.Counts(terms.Caps[i], push.Channel, push.Purpose.Name) && Find(i, push) is { } found)
            {
                full.Add(found);
            }
        }

        return full;
    }

    private FullCap? Find(int index, PolicyPush push)
    {
        CapOptions cap = terms.Caps[index];
        long within = (long)cap.Within.TotalMilliseconds;
        List<Timestamp> leave =
        [
            .. from grant in grants
            where terms.Counts(cap, terms.Find(grant.Connector)?.Channel, grant.Purpose)
            let at = grant.At.Plus(within)
            where at > now
            select at,
        ];
        bool isCertain = leave.Count >= cap.AtMost;
        leave.AddRange(
            from other in _leaving
            where terms.Counts(cap, other.Channel, other.Purpose.Name)
            let until = KeepsItsPlaceUntil(other, push)
            where until > now
            select until
        );
        if (leave.Count < cap.AtMost)
        {
            return null;
        }

        leave.Sort();
        return new(index, leave[^cap.AtMost], isCertain);
    }

    // At the same connector it goes out first, if at all.
    private Timestamp KeepsItsPlaceUntil(PolicyPush other, PolicyPush push) =>
        other.ConnectorName == push.ConnectorName ? now.Plus(FreshMilliseconds)
        : other.Pending.DueAt > now ? now
        : Timestamp.Min(now, Timestamp.Max(other.Pending.MadeAt, other.Pending.NotBefore)).Plus(FreshMilliseconds);
}
