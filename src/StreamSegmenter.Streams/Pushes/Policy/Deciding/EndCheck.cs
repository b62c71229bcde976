using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>Finds pushes that must never be sent, whatever else waits. The order of the checks is documented.</summary>
/// <param name="isUnsent">Whether a push has ended, or ends now, without any attempt.</param>
internal sealed class EndCheck(PolicyTerms terms, CustomerFacts facts, Timestamp now, Func<PushId, bool> isUnsent)
{
    private readonly Consents _consents = new(facts.Consents);

    /// <summary>Why it ends; null when it does not.</summary>
    /// <param name="isOut">It was let out before: only what could do harm is asked about again.</param>
    public string? Find(PolicyPush push, bool isOut) =>
        Expired(push)
        ?? Suppressed(push)
        ?? _consents.Objection(push.Channel, push.Purpose)
        ?? Outdated(push)
        ?? (isOut ? null : Collapsed(push) ?? HeldOut(push));

    private string? Expired(PolicyPush push) => now >= push.ExpiresAt ? $"expired: at {push.ExpiresAt}" : null;

    private string? Suppressed(PolicyPush push) =>
        push.Address is { } address && facts.Suppressions.Contains(address) ? $"suppressed: {push.Channel}" : null;

    // A digest goes out while one of its parts still holds: what it carries has no other way to the customer.
    private string? Outdated(PolicyPush push)
    {
        if (!push.Rules.Recheck)
        {
            return null;
        }

        string?[] outdated = [.. push.Parts.Select(Outdated)];
        return outdated.Contains(null) ? null : outdated[0];
    }

    private string? Outdated(PushPart part)
    {
        if (part.Segment is not { } segment)
        {
            return null;
        }

        bool isMember = facts.Standings.TryGetValue(segment, out Standing standing) && standing.IsMember;
        return isMember == (part.Kind == TransitionKind.Entered) ? null
            : isMember ? $"recheck: a member of {segment} again"
            : $"recheck: no longer a member of {segment}";
    }

    private string? Collapsed(PolicyPush push)
    {
        if (!push.Rules.Collapse || push.Segment is not { } segment)
        {
            return null;
        }

        if (facts.Standings.TryGetValue(segment, out Standing standing) && standing.Number > push.Number)
        {
            return $"collapsed: transition {standing.Number} of {segment} has followed";
        }

        return push.Kind == TransitionKind.Exited && EntersOf(push, segment).All(isUnsent)
            ? $"collapsed: that {segment} was entered was never sent"
            : null;
    }

    /// <summary>The pushes to the same connector about the enter before an exit.</summary>
    private IEnumerable<PushId> EntersOf(PolicyPush exit, SegmentName segment)
    {
        CustomerId customer = exit.Pending.Push.Customer;
        var enter = new Transition(
            customer,
            segment,
            TransitionKind.Entered,
            Timestamp.Beginning,
            TransitionCause.Event,
            exit.Number - 1,
            MessageId: null
        );
        return Enumerable
            .Range(1, terms.EntersPushed(segment, exit.ConnectorName))
            .Select(ordinal => PushId.Derive(enter, exit.ConnectorName, ordinal));
    }

    private string? HeldOut(PolicyPush push)
    {
        CustomerId customer = facts.Customer;
        return push.Segment is { } segment && terms.IsHeldOut(customer, segment) ? $"holdout: segment {segment}"
            : push.Purpose.Holdout && terms.IsHeldOut(customer) ? "holdout: global"
            : null;
    }
}
