using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>What would go out as one: a push, or several that a digest joins. The first carries the others.</summary>
internal sealed class Candidate(PolicyPush carrier, Candidate? behind)
{
    private readonly List<PolicyPush> _pushes = [carrier];
    private int _count = carrier.Parts.Count;
    private long _bytes = carrier.Pending.Push.Content.Length;

    public PolicyPush Carrier => carrier;

    /// <summary>In order of sequence.</summary>
    public IReadOnlyList<PolicyPush> Pushes => _pushes;

    /// <summary>Carries the segment's transition before the carrier's, which must not be overtaken.</summary>
    public Candidate? Behind => behind;

    public int Importance { get; private set; } = carrier.Rules.Importance;

    /// <summary>Whether it is behind none.</summary>
    public bool IsFirst => behind is null;

    /// <summary>Those that are behind it.</summary>
    public List<Candidate> Followers { get; } = [];

    /// <summary>Its place in the order of decisions: the most important first, the oldest of equals.</summary>
    public (int, Timestamp, long) Rank => (-Importance, carrier.Pending.MadeAt, carrier.Pending.Place.Sequence);

    /// <summary>
    /// From when on nothing more is waited for. What was made later than now, by a clock that is ahead, counts as made
    /// when it is first looked at: it gathers until its first wait is over.
    /// </summary>
    public Timestamp GatheredAt(Timestamp now)
    {
        PendingPush first = carrier.Pending;
        bool hasWaited = first.NotBefore != first.MadeAt;
        return carrier.Rules.Digest <= TimeSpan.Zero ? now
            : first.MadeAt > now && hasWaited ? first.NotBefore
            : Timestamp.Min(first.MadeAt, now).Plus((long)carrier.Rules.Digest.TotalMilliseconds);
    }

    /// <summary>Adds a push; false when it has no room.</summary>
    public bool TryAdd(PolicyPush push)
    {
        int length = push.Pending.Push.Content.Length;
        if (_count + push.Parts.Count > PushDigest.MaxPushes || _bytes + length > PushDigest.MaxBytes)
        {
            return false;
        }

        _pushes.Add(push);
        _count += push.Parts.Count;
        _bytes += length;
        Importance = Math.Max(Importance, push.Rules.Importance);
        return true;
    }

    /// <summary>Joins what one connector has waiting, given in order of sequence.</summary>
    public static List<Candidate> Join(IEnumerable<PolicyPush> waiting)
    {
        var candidates = new List<Candidate>();
        var gathering = new Dictionary<object, Candidate>();
        var lastOf = new Dictionary<SegmentName, Candidate>();
        foreach (PolicyPush push in waiting)
        {
            Candidate? last = push.Segment is { } segment ? lastOf.GetValueOrDefault(segment) : null;
            object? digest = DigestOf(push);
            Candidate? candidate = digest is null ? null : gathering.GetValueOrDefault(digest);

            // In a digest of which the segment's transition before this one is no part, it could overtake that.
            bool mayJoin = candidate is not null && (last is null || last == candidate);
            if (!mayJoin || !candidate!.TryAdd(push))
            {
                candidate = new(push, last);
                candidates.Add(candidate);
                last?.Followers.Add(candidate);

                // One that may have to wait for another does not gather: it would make others wait as well.
                if (digest is not null && (mayJoin || (last is null && !gathering.ContainsKey(digest))))
                {
                    gathering[digest] = candidate;
                }
            }

            if (push.Segment is { } its)
            {
                lastOf[its] = candidate;
            }
        }

        return candidates;
    }

    private static object? DigestOf(PolicyPush push) =>
        push.Rules.Digest <= TimeSpan.Zero
            ? null
            : (
                push.Rules.Digest,
                push.Rules.Expires,
                push.Rules.Recheck,
                push.Purpose,
                push.Form,
                push.Address,
                push.TimeZone,
                push.Rules.OverCap,
                push.Rules.IgnoreQuietHours
            );
}
